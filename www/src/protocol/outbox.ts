import { Backoff } from './backoff';
import type { OutboxEntry } from './cache';
import { mostFrame } from './socket';
import type { ClientFrame, ServerFrame } from './types';

// What was done here and is not confirmed yet. An entry is shown at once, written to IndexedDB, and
// sent under its client id until the daemon has answered; the daemon stores an id once, so that
// sending again is harmless. Each conversation has one entry in flight, which keeps the order even
// when one of them has to wait. What is refused stays, with a reason, until the person decides.

type Ack = Extract<ServerFrame, { type: 'ack' }>;
type Refusal = Extract<ServerFrame, { type: 'error' }>;

export interface OutboxStore {
    post(entry: OutboxEntry): Promise<void>;
    withdraw(id: string): Promise<void>;
}

export interface OutboxParts {
    tab: string;
    send: (frame: ClientFrame) => boolean;
    /** The entries, oldest first, whenever they change. */
    onChange: (entries: OutboxEntry[]) => void;
    /** Confirmed: called just before the entry disappears. */
    onAck: (entry: OutboxEntry, ack: Ack) => void;
    onFailed?: (entry: OutboxEntry) => void;
    /** IndexedDB is full or broken: entries live only as long as this tab. */
    onUnsafe?: () => void;
}

export class Outbox {
    private entries = new Map<string, OutboxEntry>();
    /** The entry in flight of each conversation. */
    private readonly flights = new Map<number, string>();
    private readonly pauses = new Map<number, ReturnType<typeof setTimeout>>();
    private readonly backoffs = new Map<number, Backoff>();
    private store: OutboxStore | null = null;
    private online = false;

    constructor(private readonly parts: OutboxParts) {}

    /** Gives the entries a place to survive in, those that were added before too. */
    keepIn(store: OutboxStore | null): void {
        this.store = store;
        for (const entry of this.entries.values()) this.persist(entry);
    }

    list(): OutboxEntry[] {
        return [...this.entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    }

    add(entry: Omit<OutboxEntry, 'owner' | 'state' | 'code' | 'detail'>): void {
        this.take({ ...entry, owner: this.parts.tab, state: 'waiting', code: null, detail: null });
        this.pump(entry.conversation);
    }

    /** Takes over what a tab that is gone has left. */
    adopt(entries: OutboxEntry[]): void {
        const strangers = entries.filter((entry) => !this.entries.has(entry.id));
        for (const entry of strangers) this.take({ ...entry, owner: this.parts.tab });
        for (const entry of strangers) this.pump(entry.conversation);
    }

    retry(id: string): void {
        const entry = this.entries.get(id);
        if (!entry || entry.state !== 'failed') return;
        this.take({ ...entry, state: 'waiting', code: null, detail: null });
        this.pump(entry.conversation);
    }

    discard(id: string): OutboxEntry | undefined {
        const entry = this.entries.get(id);
        if (entry) this.remove(entry);
        return entry;
    }

    /** What was refused of a message is past when a later change of it is made, or stored. */
    giveUpRefused(message: number | null): boolean {
        const refused = this.list().filter(
            (each) => each.message === message && each.state === 'failed',
        );
        for (const each of refused) this.remove(each);
        return refused.length > 0;
    }

    /** The connection is whole: everything that waits is sent, in order. */
    open(): void {
        this.online = true;
        for (const conversation of new Set(this.list().map((entry) => entry.conversation))) {
            this.pump(conversation);
        }
    }

    /** The connection is lost: whatever was in flight will be sent again. */
    lose(): void {
        this.online = false;
        this.flights.clear();
        for (const timer of this.pauses.values()) clearTimeout(timer);
        this.pauses.clear();
    }

    clear(): void {
        this.lose();
        this.entries.clear();
        this.show();
    }

    /** Whether the frame answers an entry. */
    handle(frame: Ack | Refusal): boolean {
        const entry = frame.id === undefined ? undefined : this.entries.get(frame.id);
        if (!entry) return false;
        if (this.flights.get(entry.conversation) === entry.id) {
            this.flights.delete(entry.conversation);
        }
        if (frame.type === 'ack') {
            this.backoffs.delete(entry.conversation);
            this.parts.onAck(entry, frame);
            this.remove(entry);
            if (entry.kind !== 'send') this.giveUpRefused(entry.message);
        } else if (frame.code === 'unavailable' || frame.code === 'rate_limited') {
            return this.pause(entry.conversation, frame.retry_after);
        } else {
            this.fail(entry, frame);
        }
        this.pump(entry.conversation);
        return true;
    }

    private pause(conversation: number, seconds: number | undefined): true {
        const backoff = this.backoffs.get(conversation) ?? new Backoff();
        this.backoffs.set(conversation, backoff);
        clearTimeout(this.pauses.get(conversation));
        const timer = setTimeout(
            () => {
                this.pauses.delete(conversation);
                this.pump(conversation);
            },
            Math.max((seconds ?? 0) * 1000, backoff.next()),
        );
        this.pauses.set(conversation, timer);
        return true;
    }

    private fail(entry: OutboxEntry, refusal: Refusal): void {
        const failed: OutboxEntry = {
            ...entry,
            state: 'failed',
            code: refusal.code,
            detail: refusal.message,
        };
        this.take(failed);
        this.parts.onFailed?.(failed);
    }

    private pump(conversation: number): void {
        if (!this.online || this.flights.has(conversation) || this.pauses.has(conversation)) return;
        for (const next of this.list()) {
            if (next.conversation !== conversation || next.state !== 'waiting') continue;
            const frame = frameOf(next);
            if (sizeOf(frame) <= mostFrame) {
                if (this.parts.send(frame)) this.flights.set(conversation, next.id);
                return;
            }
            // Sent, it would end this connection and every one after it.
            this.fail(next, { type: 'error', code: 'too_large', message: '' });
        }
    }

    private take(entry: OutboxEntry): void {
        this.entries.set(entry.id, entry);
        this.persist(entry);
        this.show();
    }

    private remove(entry: OutboxEntry): void {
        this.entries.delete(entry.id);
        // IndexedDB keeps the order of one connection's writes: this comes after the entry's own.
        this.store?.withdraw(entry.id).catch(() => this.parts.onUnsafe?.());
        this.show();
    }

    private persist(entry: OutboxEntry): void {
        this.store?.post(entry).catch(() => this.parts.onUnsafe?.());
    }

    private show(): void {
        this.parts.onChange(this.list());
    }
}

const sizeOf = (frame: ClientFrame): number =>
    new TextEncoder().encode(JSON.stringify(frame)).length;

function frameOf(entry: OutboxEntry): ClientFrame {
    const { id, conversation, content } = entry;
    if (entry.kind === 'edit') return { type: 'edit', message: entry.message!, content, id };
    if (entry.kind === 'delete') return { type: 'delete', message: entry.message!, id };
    return entry.replyTo === null
        ? { type: 'message', conversation, content, id }
        : { type: 'message', conversation, content, id, reply_to: entry.replyTo };
}
