import type { ClientFrame, PresenceEntry, Status } from '@/protocol/types';
import { useConversations, usePeople, useSession } from './state';

// Who is there. The daemon tells of those one writes with; while the list of people is on the
// screen, also of those who are to be seen in it; and of oneself, when another device has chosen
// something else.

const most = 1000;
const pause = 150;

export class Presences {
    private visible: number[] = [];
    private readonly live = new Set<number>();
    private asked = '';
    private timer: ReturnType<typeof setTimeout> | undefined;

    constructor(
        private readonly send: (frame: ClientFrame) => boolean,
        /** What one is to others, chosen somewhere else. */
        private readonly onOwn: (status: Status) => void,
    ) {}

    /** Those who are on the screen now; nobody when the list is gone. */
    watch(users: number[]): void {
        this.visible = users;
        this.timer ??= setTimeout(() => {
            this.timer = undefined;
            this.ask();
        }, pause);
    }

    /** Whether frames tell of this user, so that they know best. */
    told(user: number): boolean {
        return this.live.has(user);
    }

    /** After a connection has become whole, or there is somebody new to write with. */
    again(): void {
        this.asked = '';
        this.ask();
    }

    lost(): void {
        this.asked = '';
        this.live.clear();
    }

    forget(): void {
        this.visible = [];
        this.lost();
    }

    apply(entries: PresenceEntry[]): void {
        const presence = new Map(usePeople.getState().presence);
        const me = useSession.getState().me?.id;
        for (const { id, status, last_seen } of entries) {
            this.live.add(id);
            const shown = status === 'invisible' ? 'offline' : status;
            presence.set(id, { status: shown, lastSeen: last_seen });
            // As one of those who are watched one is `offline` while invisible: no choice of mine.
            if (id === me && status !== 'offline') this.onOwn(status);
        }
        usePeople.setState({ presence });
    }

    private ask(): void {
        const users = this.visible.length > 0 ? this.wanted() : null;
        const text = JSON.stringify(users);
        if (text === this.asked) return;
        if (!this.send({ type: 'watch', users })) return;
        this.asked = text;
        // Whoever is watched no longer is not told of any longer, either.
        this.live.clear();
    }

    private wanted(): number[] {
        const users = new Set(this.visible);
        for (const each of useConversations.getState().byId.values()) {
            if (users.size >= most) break;
            if (each.peer) users.add(each.peer.id);
        }
        return [...users].slice(0, most).sort((a, b) => a - b);
    }
}
