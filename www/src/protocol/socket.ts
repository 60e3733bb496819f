import { Backoff } from './backoff';
import { Problem } from './http';
import type { ClientFrame, ServerFrame } from './types';

// One WebSocket that is kept open. It asks for a token, opens, hands every frame on, notices a
// connection that is open in name only, and comes back after each loss but those that PROTOCOL
// calls final (1008, 4401, 4409), waiting longer each time.

export type Line = 'connecting' | 'open' | 'lost' | 'closed';

/** Why a connection is not opened again by itself. */
export type Final = 'ended' | 'replaced' | 'refused';

export interface SocketParts {
    url: string;
    /** `isDoubted`: nobody welcomed the last one, so that it is to be tried over HTTP first. */
    token: (isDoubted: boolean) => Promise<string>;
    open?: (url: string, protocols: string[]) => WebSocket;
    backoff?: Backoff;
    /** Milliseconds of silence after which the server is asked, and that it has to answer. */
    silence?: number;
    answer?: number;
}

/** Bytes of a frame: a daemon takes 64 KiB (ws.max_frame), and ends a connection that brings more. */
export const mostFrame = 60_000;

/** Milliseconds for an answer when there is reason to think that none will come. */
const shortAnswer = 2_000;

const finals: Record<number, Final> = { 1008: 'refused', 4401: 'ended', 4409: 'replaced' };

export class Socket {
    onFrame: (frame: ServerFrame) => void = () => {};
    onLine: (line: Line) => void = () => {};
    onFinal: (final: Final) => void = () => {};

    private socket: WebSocket | null = null;
    private wanted = false;
    /** A browser does not tell a page whether a handshake was answered with 401, or at all. */
    private isDoubtful = false;
    private heard = 0;
    /** When a ping was sent that nothing has been heard since. */
    private asked: number | null = null;
    private round = 0;
    private timer: ReturnType<typeof setTimeout> | undefined;
    private watch: ReturnType<typeof setInterval> | undefined;
    private readonly backoff: Backoff;
    private readonly silence: number;
    private readonly answer: number;

    constructor(private readonly parts: SocketParts) {
        this.backoff = parts.backoff ?? new Backoff();
        this.silence = parts.silence ?? 15_000;
        this.answer = parts.answer ?? 6_000;
    }

    get isOpen(): boolean {
        return this.socket?.readyState === 1;
    }

    start(): void {
        if (this.wanted) return;
        this.wanted = true;
        this.backoff.reset();
        void this.connect();
    }

    stop(): void {
        this.wanted = false;
        this.drop(1000);
        this.onLine('closed');
    }

    /** The network, the tab or the person came back: no reason to wait any longer. */
    hurry(): void {
        if (!this.wanted) return;
        if (this.isOpen) return this.probe();
        this.backoff.reset();
        if (this.timer !== undefined) void this.connect();
    }

    /** Another connection, whatever this one looks like. */
    renew(): void {
        if (!this.wanted) return;
        this.drop(4000);
        this.backoff.reset();
        this.onLine('lost');
        void this.connect();
    }

    /** The browser says that there is no network, which need not be so for a daemon that is near. */
    doubt(): void {
        this.probe(shortAnswer);
    }

    /** False when there is no open connection: nothing was sent. */
    send(frame: ClientFrame): boolean {
        if (!this.isOpen) return false;
        this.socket!.send(JSON.stringify(frame));
        return true;
    }

    private async connect(): Promise<void> {
        clearTimeout(this.timer);
        this.timer = undefined;
        const round = ++this.round;
        this.onLine('connecting');
        let token: string;
        try {
            token = await this.parts.token(this.isDoubtful);
        } catch (error) {
            if (round !== this.round || !this.wanted) return;
            // The session's end has been told by whoever asked for the token.
            if (error instanceof Problem && error.status === 401) return this.halt();
            return this.later();
        }
        if (round !== this.round || !this.wanted) return;
        this.open(token);
    }

    private open(token: string): void {
        const make = this.parts.open ?? ((url, protocols) => new WebSocket(url, protocols));
        const socket = make(this.parts.url, ['salon.v1', `bearer.${token}`]);
        this.socket = socket;
        this.isDoubtful = true;
        this.hear();
        socket.onmessage = (event: MessageEvent<unknown>) => {
            if (socket !== this.socket || typeof event.data !== 'string') return;
            this.hear();
            const frame = parse(event.data);
            if (!frame) return;
            if (frame.type === 'welcome') {
                this.isDoubtful = false;
                this.backoff.reset();
                this.onLine('open');
            }
            this.onFrame(frame);
        };
        socket.onclose = (event: CloseEvent) => {
            if (socket !== this.socket) return;
            this.drop();
            const final = finals[event.code];
            if (final) {
                this.halt();
                return this.onFinal(final);
            }
            this.later();
        };
        this.watch = setInterval(() => this.listen(), 1000);
    }

    private hear(): void {
        this.heard = Date.now();
        this.asked = null;
    }

    /** The timers of a hidden page come once a minute: silence alone proves nothing. */
    private listen(): void {
        const now = Date.now();
        if (this.asked !== null) {
            if (now - this.asked >= this.answer) this.lose();
        } else if (now - this.heard > this.silence) {
            this.asked = now;
            this.send({ type: 'ping' });
        }
    }

    /** Asks at once whether anybody is there, and gives up soon. */
    private probe(patience = this.answer): void {
        const asked = Date.now();
        const socket = this.socket;
        if (!this.send({ type: 'ping' })) return;
        setTimeout(() => {
            if (socket === this.socket && this.heard < asked) this.lose();
        }, patience);
    }

    private lose(): void {
        this.drop(4000);
        if (this.wanted) this.later();
    }

    private later(): void {
        if (!this.wanted) return;
        this.onLine('lost');
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.connect(), this.backoff.next());
    }

    private halt(): void {
        this.wanted = false;
        this.drop();
        this.onLine('closed');
    }

    private drop(code?: number): void {
        this.round += 1;
        clearInterval(this.watch);
        clearTimeout(this.timer);
        this.timer = undefined;
        const socket = this.socket;
        this.socket = null;
        if (code !== undefined && socket && socket.readyState < 2) socket.close(code);
    }
}

function parse(text: string): ServerFrame | null {
    try {
        const frame: unknown = JSON.parse(text);
        return typeof frame === 'object' && frame !== null && 'type' in frame
            ? (frame as ServerFrame)
            : null;
    } catch {
        return null;
    }
}
