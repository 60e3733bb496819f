import { beforeEach, describe, expect, it } from 'vitest';
import type { OwnUser, PresenceEntry, Status } from '../../src/protocol/types';
import { Presences } from '../../src/store/presences';
import { usePeople, useSession } from '../../src/store/state';

const me: OwnUser = {
    id: 1,
    username: 'alice',
    display_name: 'Alice',
    avatar: null,
    role: 'user',
    online: true,
    last_seen: null,
    email: null,
    status: 'online',
};

let chosen: Status[];
let presences: Presences;
beforeEach(() => {
    chosen = [];
    useSession.setState({ me });
    usePeople.setState({ users: new Map(), presence: new Map() });
    presences = new Presences(
        () => true,
        (status) => chosen.push(status),
    );
});

const tell = (id: number, status: PresenceEntry['status']) =>
    presences.apply([{ id, status, last_seen: null }]);
const shown = (id: number) => usePeople.getState().presence.get(id)?.status;

describe('presence', () => {
    it('of oneself is what another device has chosen', () => {
        tell(me.id, 'busy');
        expect(chosen).toEqual(['busy']);
        expect(shown(me.id)).toBe('busy');
    });

    it('of oneself may be invisible, which looks offline', () => {
        tell(me.id, 'invisible');
        expect(chosen).toEqual(['invisible']);
        expect(shown(me.id)).toBe('offline');
    });

    it('of oneself in the list of people is no choice when it is offline', () => {
        tell(me.id, 'offline');
        expect(chosen).toEqual([]);
    });

    it('of somebody else changes nothing of oneself', () => {
        tell(2, 'away');
        expect(chosen).toEqual([]);
        expect(shown(2)).toBe('away');
        expect(presences.told(2)).toBe(true);
    });
});
