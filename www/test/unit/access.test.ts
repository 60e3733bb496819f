import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Access, type OutReason } from '../../src/protocol/access';
import { Problem } from '../../src/protocol/http';
import type { OwnUser } from '../../src/protocol/types';

// A browser's parts, as far as access uses them: storage, one lock, and a channel between tabs.

type Listener = { onmessage: ((event: { data: unknown }) => void) | null };
let channels: Listener[];
let tail: Promise<unknown>;
let answers: (() => Response)[];
let asked: { path: string; authorization: string | null }[];
const tabs: Access[] = [];

class Channel implements Listener {
    onmessage: Listener['onmessage'] = null;
    constructor() {
        channels.push(this);
    }
    postMessage(data: unknown): void {
        for (const each of channels) if (each !== this) each.onmessage?.({ data });
    }
}

const admission =
    (token: string, expires_in = 900) =>
    () =>
        Response.json({ user: { id: 1 }, access_token: token, expires_in });
const refusal = (status: number, code: string) => () =>
    Response.json({ code, detail: code }, { status });
const fine = () => Response.json({ ok: true });

beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
    [channels, answers, asked, tail] = [[], [], [], Promise.resolve()];
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
        removeItem: (key: string) => kept.delete(key),
    });
    vi.stubGlobal('BroadcastChannel', Channel);
    vi.stubGlobal('navigator', {
        locks: {
            request: (_name: string, _how: LockOptions, run: () => Promise<unknown>) =>
                (tail = tail.then(run, run)),
        },
    });
    vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
        const headers = new Headers(init.headers);
        asked.push({ path, authorization: headers.get('Authorization') });
        const answer = answers.shift();
        return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('no network'));
    });
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    tabs.length = 0;
});

function tab(): { access: Access; outs: OutReason[] } {
    const access = new Access();
    const outs: OutReason[] = [];
    access.onOut = (reason) => outs.push(reason);
    return { access, outs };
}
const paths = () => asked.map((each) => each.path.replace('/api/v1', ''));

describe('access', () => {
    it('renews a token once, however many ask', async () => {
        const { access } = tab();
        answers = [admission('a')];
        expect(await Promise.all([access.token(), access.token(), access.token()])).toEqual([
            'a',
            'a',
            'a',
        ]);
        expect(paths()).toEqual(['/auth/refresh']);
    });

    it('renews it in one tab for all', async () => {
        const [one, two] = [tab().access, tab().access];
        answers = [admission('a')];
        expect(await Promise.all([one.token(), two.token()])).toEqual(['a', 'a']);
        expect(paths()).toEqual(['/auth/refresh']);
    });

    it('renews it before its end', async () => {
        const { access } = tab();
        answers = [admission('a', 60), admission('b', 60)];
        expect(await access.token()).toBe('a');
        vi.setSystemTime(Date.now() + 29_000);
        expect(await access.token()).toBe('a');
        vi.setSystemTime(Date.now() + 2000);
        expect(await access.token()).toBe('b');
    });

    it('answers a 401 with a new token, once', async () => {
        const { access } = tab();
        answers = [admission('a'), refusal(401, 'unauthorized'), admission('b'), fine];
        expect(await access.call('/users/me')).toEqual({ ok: true });
        expect(asked.map((each) => each.authorization)).toEqual([
            null,
            'Bearer a',
            null,
            'Bearer b',
        ]);
    });

    it('renews a token that is doubted only when the daemon does not take it', async () => {
        const { access } = tab();
        answers = [admission('a'), fine];
        await access.token();
        expect(await access.token(true)).toBe('a');
        answers = [];
        await expect(access.token(true)).rejects.toMatchObject({ code: 'offline' });
        expect(await access.token()).toBe('a');
        answers = [refusal(401, 'unauthorized'), admission('b'), fine];
        expect(await access.token(true)).toBe('b');
        expect(paths().filter((path) => path === '/auth/refresh')).toHaveLength(2);
    });

    it('ends in every tab when the cookie is worth nothing', async () => {
        const [one, two] = [tab(), tab()];
        answers = [admission('a')];
        await one.access.token();
        expect(Access.remembered()).toBe(1);
        one.access.spoil('a');
        answers = [refusal(401, 'unauthorized')];
        await expect(one.access.token()).rejects.toBeInstanceOf(Problem);
        expect(one.outs).toEqual(['ended']);
        expect(two.outs).toEqual(['ended']);
        expect(Access.remembered()).toBeNull();
    });

    it('does not end because the network did', async () => {
        const { access, outs } = tab();
        await expect(access.token()).rejects.toMatchObject({ code: 'offline' });
        answers = [refusal(503, 'unavailable')];
        await expect(access.token()).rejects.toMatchObject({ code: 'unavailable' });
        expect(outs).toEqual([]);
        answers = [admission('a')];
        expect(await access.token()).toBe('a');
    });

    it('leaves at the daemon first, so that the cookie goes, too', async () => {
        const { access, outs } = tab();
        answers = [admission('a')];
        await access.token();
        await expect(access.leave()).rejects.toMatchObject({ code: 'offline' });
        for (const each of [refusal(503, 'unavailable'), refusal(429, 'rate_limited')]) {
            answers = [each];
            await expect(access.leave()).rejects.toBeInstanceOf(Problem);
        }
        expect(outs).toEqual([]);
        answers = [() => new Response(null, { status: 204 })];
        await access.leave();
        expect(outs).toEqual(['asked']);
        expect(asked.at(-1)).toEqual({ path: '/api/v1/auth/logout', authorization: 'Bearer a' });
    });

    it('is left when the daemon knows of no session any more', async () => {
        const { access, outs } = tab();
        answers = [admission('a')];
        await access.token();
        answers = [refusal(401, 'unauthorized')];
        await access.leave();
        expect(outs).toEqual(['asked']);
    });

    it('what is answered after its end is for nobody', async () => {
        const { access, outs } = tab();
        answers = [admission('a')];
        await access.token();
        answers = [
            () => {
                access.end('ended');
                access.admit({ user: { id: 2 } as OwnUser, access_token: 'b', expires_in: 900 });
                return fine();
            },
        ];
        await expect(access.call('/conversations')).rejects.toMatchObject({ code: 'aborted' });
        access.spoil('b');
        answers = [
            () => {
                access.end('ended');
                return admission('c')();
            },
        ];
        await expect(access.token()).rejects.toMatchObject({ code: 'aborted' });
        expect(Access.remembered()).toBeNull();
        expect(outs).toEqual(['ended', 'ended']);
    });

    it('is left once, and by wish, though every tab hears of the end on its own', async () => {
        const [one, two] = [tab(), tab()];
        answers = [admission('a')];
        await one.access.token();
        answers = [
            () => {
                // Their connections are closed before the answer is here.
                two.access.end('ended');
                one.access.end('ended');
                return new Response(null, { status: 204 });
            },
        ];
        await one.access.leave();
        expect(one.outs).toEqual(['asked']);
        expect(two.outs).toEqual(['asked']);
    });
});
