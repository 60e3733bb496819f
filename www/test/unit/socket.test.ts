import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Backoff } from '../../src/protocol/backoff';
import { Problem } from '../../src/protocol/http';
import { Socket, type Final, type Line } from '../../src/protocol/socket';
import { ScriptedSocket } from './scripted';

let lines: Line[];
let finals: Final[];
let frames: string[];
let doubts: boolean[];
let token: () => Promise<string>;
let socket: Socket;

beforeEach(() => {
    vi.useFakeTimers();
    ScriptedSocket.made = [];
    [lines, finals, frames, doubts] = [[], [], [], []];
    token = () => Promise.resolve('t1');
    socket = new Socket({
        url: 'ws://salon/ws',
        token: (isDoubted) => {
            doubts.push(isDoubted);
            return token();
        },
        open: (url, protocols) => new ScriptedSocket(url, protocols) as unknown as WebSocket,
        backoff: new Backoff(100, 1000, () => 1),
    });
    socket.onLine = (line) => lines.push(line);
    socket.onFinal = (final) => finals.push(final);
    socket.onFrame = (frame) => frames.push(frame.type);
});
afterEach(() => {
    socket.stop();
    vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

async function opened(): Promise<ScriptedSocket> {
    socket.start();
    await settle();
    ScriptedSocket.last.welcomes();
    return ScriptedSocket.last;
}

describe('a socket', () => {
    it('brings its token in the list of subprotocols, where no log sees it', async () => {
        const made = await opened();
        expect(made.protocols).toEqual(['salon.v1', 'bearer.t1']);
        expect(made.url).toBe('ws://salon/ws');
        expect(lines).toEqual(['connecting', 'open']);
    });

    it('comes back after a loss, later each time, and is patient again after a welcome', async () => {
        await opened();
        for (const wait of [100, 150, 225]) {
            ScriptedSocket.last.ends(1006);
            const count = ScriptedSocket.made.length;
            await vi.advanceTimersByTimeAsync(wait - 1);
            expect(ScriptedSocket.made.length).toBe(count);
            await vi.advanceTimersByTimeAsync(1);
            expect(ScriptedSocket.made.length).toBe(count + 1);
        }
        ScriptedSocket.last.welcomes();
        ScriptedSocket.last.ends(1001);
        await vi.advanceTimersByTimeAsync(100);
        expect(ScriptedSocket.made.length).toBe(5);
    });

    it.each([
        [4401, 'ended'],
        [4409, 'replaced'],
        [1008, 'refused'],
    ] as const)('stays away after %i', async (code, final) => {
        (await opened()).ends(code);
        await vi.advanceTimersByTimeAsync(60_000);
        expect(ScriptedSocket.made.length).toBe(1);
        expect(finals).toEqual([final]);
        expect(lines.at(-1)).toBe('closed');
    });

    it.each([1000, 1001, 1002, 1009, 1013, 4408, 4413])('comes back after %i', async (code) => {
        (await opened()).ends(code);
        await vi.advanceTimersByTimeAsync(100);
        expect(ScriptedSocket.made.length).toBe(2);
    });

    it('doubts its token when nobody welcomed it, until somebody does', async () => {
        socket.start();
        await settle();
        ScriptedSocket.last.ends(1006);
        await vi.advanceTimersByTimeAsync(100);
        ScriptedSocket.last.welcomes();
        ScriptedSocket.last.ends(1006);
        await vi.advanceTimersByTimeAsync(100);
        expect(doubts).toEqual([false, true, false]);
    });

    it('stops when there is no session to get a token for', async () => {
        token = () => Promise.reject(new Problem('unauthorized', '', 401));
        socket.start();
        await vi.advanceTimersByTimeAsync(60_000);
        expect(ScriptedSocket.made.length).toBe(0);
        expect(lines.at(-1)).toBe('closed');
    });

    it('tries again when the token was out of reach', async () => {
        token = () => Promise.reject(new Problem('offline', ''));
        socket.start();
        await settle();
        token = () => Promise.resolve('t2');
        await vi.advanceTimersByTimeAsync(100);
        expect(ScriptedSocket.last.protocols).toContain('bearer.t2');
    });

    it('asks a silent server whether it is there, and gives it up', async () => {
        const made = await opened();
        await vi.advanceTimersByTimeAsync(16_000);
        expect(made.sent).toContainEqual({ type: 'ping' });
        await vi.advanceTimersByTimeAsync(7_000);
        expect(made.closedWith).toBe(4000);
        expect(ScriptedSocket.made.length).toBe(2);
    });

    it('keeps a server that answers', async () => {
        const made = await opened();
        for (let second = 0; second < 90; second += 10) {
            await vi.advanceTimersByTimeAsync(10_000);
            made.says({ type: 'pong' });
        }
        expect(ScriptedSocket.made.length).toBe(1);
    });

    it('keeps a server that answers, in a hidden tab, whose timers come once a minute', async () => {
        const tick = vi.spyOn(globalThis, 'setInterval');
        const made = await opened();
        const listen = tick.mock.calls[0]![0] as () => void;
        vi.clearAllTimers();
        for (let minute = 1; minute <= 5; ++minute) {
            vi.setSystemTime(Date.now() + 60_000);
            listen();
            expect(made.sent).toHaveLength(minute);
            made.says({ type: 'pong' });
        }
        expect(made.closedWith).toBeUndefined();
        vi.setSystemTime(Date.now() + 60_000);
        listen();
        vi.setSystemTime(Date.now() + 60_000);
        listen();
        expect(made.closedWith).toBe(4000);
    });

    it('does not wait when the network comes back', async () => {
        await opened();
        for (let loss = 0; loss < 5; ++loss) {
            ScriptedSocket.last.ends(1006);
            await vi.advanceTimersByTimeAsync(1000);
        }
        ScriptedSocket.last.ends(1006);
        const count = ScriptedSocket.made.length;
        socket.hurry();
        await settle();
        expect(ScriptedSocket.made.length).toBe(count + 1);
    });

    it('takes another connection when the one it has is worth nothing', async () => {
        const made = await opened();
        socket.renew();
        await settle();
        expect(made.closedWith).toBe(4000);
        expect(ScriptedSocket.made.length).toBe(2);
        expect(lines.slice(-2)).toEqual(['lost', 'connecting']);
    });

    it('asks at once when the browser says that there is no network, and believes an answer', async () => {
        const made = await opened();
        socket.doubt();
        expect(made.sent).toContainEqual({ type: 'ping' });
        made.says({ type: 'pong' });
        await vi.advanceTimersByTimeAsync(2_000);
        expect(ScriptedSocket.made.length).toBe(1);
        await vi.advanceTimersByTimeAsync(1_000);
        socket.doubt();
        await vi.advanceTimersByTimeAsync(2_000);
        expect(made.closedWith).toBe(4000);
    });

    it('outlives what is no frame', async () => {
        const made = await opened();
        made.says('}{');
        made.says('[1]');
        made.says('"text"');
        made.says({ type: 'pong' });
        expect(frames).toEqual(['welcome', 'pong']);
    });

    it('hears nothing from a connection that it has given up', async () => {
        const made = await opened();
        socket.stop();
        made.says({ type: 'pong' });
        made.ends(1006);
        await vi.advanceTimersByTimeAsync(5000);
        expect(frames).toEqual(['welcome']);
        expect(ScriptedSocket.made.length).toBe(1);
    });

    it('says so when nothing can be sent', async () => {
        expect(socket.send({ type: 'ping' })).toBe(false);
        const made = await opened();
        expect(socket.send({ type: 'ping' })).toBe(true);
        expect(made.sent).toEqual([{ type: 'ping' }]);
    });
});
