import { Backoff } from '@/protocol/backoff';
import { Problem } from '@/protocol/http';
import { mostFrame } from '@/protocol/socket';
import type { Changes, Conversation, ServerFrame } from '@/protocol/types';
import type { Engine } from './engine';
import { isOlder, type Ledger } from './ledger';
import { useConversations, type Room } from './state';

// Getting level with the daemon: by `resume` on each new connection, and by asking wherever a rev
// was stepped over.

/** Beyond so many changes the newest page is read instead of every change. */
const mostChangePages = 25;
/** Milliseconds: how old what is known of people may be before they are asked about again. */
const freshFor = 300_000;
/** Up to so many milliseconds later, so that what is shown comes first and not all ask at once. */
const refreshWithin = 4_000;

type Have = Record<string, number>;

/** What is known of conversations, for `resume`: the latest ones, when all are too many for a frame. */
export function haveOf(rooms: Iterable<Room>, most = mostFrame): Have {
    const latest = [...rooms].sort((a, b) => (b.last_message?.id ?? 0) - (a.last_message?.id ?? 0));
    const have: Have = {};
    let size = 0;
    for (const { id, rev } of latest) {
        size += `"${id}":${rev},`.length;
        if (size > most) break;
        have[id] = rev;
    }
    return have;
}

const nameOf = (round: number) => `resume-${round}`;

interface Connection {
    send(frame: { type: 'resume'; have: Have; id: string }): void;
}

export class CatchUp {
    private resuming = false;
    /** Which attempt this is: what answers an earlier one, or comes after a loss, is ignored. */
    private round = 0;
    private readonly backoff = new Backoff(500);
    private waiting: ReturnType<typeof setTimeout> | undefined;
    /** The rev of each conversation that the last resume named. */
    private had: Have = {};
    private isAnswered = true;
    /** Gaps that were left while a resume was under way. */
    private readonly left = new Set<number>();
    private readonly filling = new Set<number>();
    /** Conversations that have to be read whole, and those that are being read. */
    private readonly wanted = new Set<number>();
    private readonly reading = new Set<number>();
    /** When the list was read last, or is about to be. */
    private listed = 0;
    private refreshing: ReturnType<typeof setTimeout> | undefined;

    constructor(
        private readonly engine: Engine,
        private readonly connection: Connection,
    ) {}

    async resume(): Promise<void> {
        this.resuming = true;
        this.stopWaiting();
        const round = ++this.round;
        if (!useConversations.getState().ready) {
            try {
                await this.readList();
            } catch (error) {
                return this.later(round, error instanceof Problem ? error.retryAfter : 0);
            }
            if (round !== this.round) return;
        }
        // It names where each conversation stands, so that it brings what was left so far.
        this.left.clear();
        const have = haveOf(useConversations.getState().byId.values());
        // What came live since one that was never answered does not tell the watermarks before it.
        const before = this.isAnswered ? {} : this.had;
        for (const id in have) have[id] = Math.min(have[id]!, before[id] ?? have[id]!);
        this.had = have;
        this.isAnswered = false;
        this.connection.send({ type: 'resume', have: this.had, id: nameOf(round) });
    }

    /** The daemon cannot tell now: its store is away, or too many ask. */
    refused({ id, retry_after }: Extract<ServerFrame, { type: 'error' }>): void {
        if (id === nameOf(this.round)) this.later(this.round, retry_after ?? 0);
    }

    /** No reason to wait any longer. */
    hurry(): void {
        if (this.waiting !== undefined) void this.resume();
    }

    private later(round: number, seconds: number): void {
        if (round !== this.round) return;
        const pause = Math.max(seconds * 1000, this.backoff.next());
        this.stopWaiting();
        this.waiting = setTimeout(() => void this.resume(), pause);
    }

    private stopWaiting(): void {
        clearTimeout(this.waiting);
        this.waiting = undefined;
    }

    changes(frame: Extract<ServerFrame, { type: 'changes' }>, ledger: Ledger): void {
        ledger.changes(frame.conversation, frame, this.had[frame.conversation] ?? 0);
    }

    resumed(ledger: Ledger): void {
        this.resuming = false;
        this.isAnswered = true;
        this.backoff.reset();
        for (const id of this.left) ledger.gaps.add(id);
        for (const id of this.wanted) ledger.strangers.add(id);
        this.left.clear();
        for (const room of useConversations.getState().byId.values()) {
            const now = ledger.room(room.id) ?? room;
            if (now.seenRev > now.rev) ledger.gaps.add(room.id);
        }
        this.refresh();
    }

    /**
     * Reads the list again when it is old: what comes live tells what was said, not that somebody
     * has another name or colour now.
     */
    refresh(): void {
        if (Date.now() - this.listed < freshFor) return;
        this.listed = Date.now();
        const read = () => void this.readList().catch(() => (this.listed = 0));
        this.refreshing = setTimeout(read, Math.random() * refreshWithin);
    }

    forget(): void {
        clearTimeout(this.refreshing);
        this.listed = 0;
        this.isAnswered = true;
        this.wanted.clear();
    }

    lost(): void {
        this.resuming = false;
        this.round += 1;
        this.stopWaiting();
    }

    /** Asks for what a batch could not know. */
    settle(ledger: Ledger): void {
        for (const id of ledger.strangers) void this.read(id);
        for (const id of ledger.gaps) {
            if (this.resuming) this.left.add(id);
            else void this.fill(id);
        }
    }

    private async readList(): Promise<void> {
        const all: Conversation[] = [];
        let after = '';
        do {
            const page = await this.engine.access.call<{
                conversations: Conversation[];
                next: string | null;
            }>(`/conversations?limit=200${after && `&after=${encodeURIComponent(after)}`}`);
            all.push(...page.conversations);
            after = page.next ?? '';
        } while (after);
        this.listed = Date.now();
        this.engine.list(all);
    }

    /** Asks how a conversation is now: until the answer is as new as what has come live. */
    private async read(conversation: number): Promise<void> {
        this.wanted.add(conversation);
        if (this.reading.has(conversation)) return;
        this.reading.add(conversation);
        const { access } = this.engine;
        try {
            const isDone = await this.persist(async () => {
                this.wanted.delete(conversation);
                const found = await access.call<Conversation>(`/conversations/${conversation}`);
                const room = useConversations.getState().byId.get(conversation);
                this.engine.know(found, true);
                const isLate = room !== undefined && isOlder(found, room, this.engine.me);
                return !isLate && !this.wanted.has(conversation);
            });
            if (!isDone) this.wanted.add(conversation);
        } finally {
            this.reading.delete(conversation);
        }
    }

    /** Asks for what lies between the rev that is known and the one that was seen. */
    private async fill(conversation: number): Promise<void> {
        if (this.filling.has(conversation)) return;
        this.filling.add(conversation);
        try {
            // Without a connection it is given up: the next resume tells everything.
            await this.persist(() => this.fillOnce(conversation));
        } finally {
            this.filling.delete(conversation);
        }
    }

    private async fillOnce(conversation: number): Promise<boolean> {
        const { pages } = this.engine;
        const known = () => useConversations.getState().byId.get(conversation);
        const isWhole = (room = known()) => !room || room.rev >= room.seenRev;
        for (let page = 0; page < mostChangePages; ++page) {
            const room = known();
            if (!room) return true;
            const changes: Changes = await pages.changes(conversation, room.rev);
            this.engine.apply((ledger) => ledger.changes(conversation, changes, room.rev, true));
            if (!changes.more && isWhole()) return true;
        }
        await pages.restart(conversation);
        // What came while it was started anew found this still at work.
        return isWhole();
    }

    /** Asks until it is done, or is in vain; false when the connection was lost before that. */
    private async persist(ask: () => Promise<boolean>): Promise<boolean> {
        const backoff = new Backoff(500);
        for (;;) {
            let pause = 0;
            try {
                if (await ask()) return true;
            } catch (error) {
                if (!(error instanceof Problem)) throw error;
                const { status, retryAfter } = error;
                if (status >= 400 && status < 500 && status !== 429) return true;
                pause = retryAfter * 1000;
            }
            await new Promise((resolve) => setTimeout(resolve, Math.max(pause, backoff.next())));
            if (!this.engine.live) return false;
        }
    }
}
