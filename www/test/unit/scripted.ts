import type { ServerFrame } from '../../src/protocol/types';

/** A WebSocket whose other side is the test. */
export class ScriptedSocket {
    static made: ScriptedSocket[] = [];
    readyState = 0;
    sent: Record<string, unknown>[] = [];
    closedWith: number | undefined;
    onmessage: ((event: { data: unknown }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;

    constructor(
        readonly url: string,
        readonly protocols: string[],
    ) {
        ScriptedSocket.made.push(this);
    }

    static get last(): ScriptedSocket {
        return ScriptedSocket.made.at(-1)!;
    }

    send(text: string): void {
        this.sent.push(JSON.parse(text) as Record<string, unknown>);
    }

    close(code: number): void {
        this.closedWith = code;
        this.readyState = 3;
    }

    welcomes(): void {
        this.readyState = 1;
        this.says({
            type: 'welcome',
            user: {} as never,
            session: 1,
            heartbeat: 25,
            protocol: 'salon.v1',
        });
    }

    says(frame: ServerFrame | string): void {
        this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    }

    ends(code: number): void {
        this.readyState = 3;
        this.onclose?.({ code });
    }
}
