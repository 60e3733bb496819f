import type { Message, ServerFrame } from '@/protocol/types';
import type { Engine } from './engine';
import type { Ledger } from './ledger';
import { useConversations } from './state';

// One's own watermarks. They rise here at once, and at the daemon when there is a connection.

const pause = 120;

export class Receipts {
    private readonly reading = new Map<number, number>();
    private readonly receiving = new Map<number, number>();
    /** What has left: whether it arrived is not known when the connection is lost. */
    private readonly told = new Map<number, number>();
    /** Where only the daemon can tell how many are unread, and has not been asked yet. */
    private readonly uncounted = new Set<number>();
    private timer: ReturnType<typeof setTimeout> | undefined;

    constructor(private readonly engine: Engine) {}

    /** The person has seen the conversation up to `seq`. */
    read(conversation: number, seq: number): void {
        const room = useConversations.getState().byId.get(conversation);
        const user = this.engine.me;
        const known = room?.receipts.find((each) => each.user === user)?.read ?? 0;
        if (!room || seq <= known) return;
        this.engine.apply((ledger) => {
            ledger.receipt(conversation, { user, received: seq, read: seq });
            // Until the daemon has been told it would count from the watermark before.
            if (ledger.strangers.delete(conversation)) this.uncounted.add(conversation);
        });
        this.raise(this.reading, conversation, seq);
    }

    /** The daemon has said less: a page before this one, or a lost connection, had not told it. */
    untold(conversation: number, seq: number): void {
        this.raise(this.reading, conversation, seq);
    }

    /** The daemon says where one's own watermark is: now it can count what only it can. */
    moved(conversation: number, seq: number, ledger: Ledger): void {
        if (seq < ledger.readBy(conversation)) return;
        if (this.uncounted.delete(conversation)) ledger.strangers.add(conversation);
    }

    /** Messages have come to this browser. One tab of it says so. */
    received(news: Message[]): void {
        if (!this.engine.tabs.leads) return;
        for (const each of news) this.raise(this.receiving, each.conversation, each.seq);
    }

    /** A new connection: what the last one may not have carried is told again. */
    again(): void {
        for (const [conversation, seq] of this.told) this.raise(this.reading, conversation, seq);
        const { byId } = useConversations.getState();
        for (const room of byId.values()) {
            const own = room.receipts.find((each) => each.user === this.engine.me);
            const head = room.last_message?.seq ?? room.seq;
            if ((own?.received ?? 0) < head && this.engine.tabs.leads) {
                this.raise(this.receiving, room.id, head);
            }
        }
        this.tellSoon();
    }

    /** Whether the frame answers a watermark; the daemon's store may be away for a moment. */
    refused({ id, code, retry_after }: Extract<ServerFrame, { type: 'error' }>): boolean {
        const [, word, conversation, seq] = /^(read|received)-(\d+)-(\d+)$/.exec(id ?? '') ?? [];
        if (word === undefined) return false;
        if (code !== 'unavailable' && code !== 'rate_limited') return true;
        const marks = word === 'read' ? this.reading : this.receiving;
        this.raise(marks, Number(conversation), Number(seq), (retry_after ?? 1) * 1000);
        return true;
    }

    forget(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        this.reading.clear();
        this.receiving.clear();
        this.told.clear();
        this.uncounted.clear();
    }

    private raise(
        marks: Map<number, number>,
        conversation: number,
        seq: number,
        wait = pause,
    ): void {
        marks.set(conversation, Math.max(seq, marks.get(conversation) ?? 0));
        this.tellSoon(wait);
    }

    private tellSoon(wait = pause): void {
        this.timer ??= setTimeout(() => {
            this.timer = undefined;
            this.tell();
        }, wait);
    }

    private tell(): void {
        for (const [conversation, seq] of this.reading) {
            if (!this.engine.tellRead(conversation, seq, 'read')) return;
            this.reading.delete(conversation);
            this.told.set(conversation, seq);
            if ((this.receiving.get(conversation) ?? 0) <= seq) this.receiving.delete(conversation);
        }
        for (const [conversation, seq] of this.receiving) {
            if (!this.engine.tellRead(conversation, seq, 'received')) return;
            this.receiving.delete(conversation);
        }
    }
}
