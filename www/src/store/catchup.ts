import { Backoff } from '@/protocol/backoff';
import { Problem } from '@/protocol/http';
import { mostFrame } from '@/protocol/socket';
import type { Changes, Conversation, ServerFrame } from '@/protocol/types';
import type { Engine } from './engine';
import type { Ledger } from './ledger';
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
    private readonly fillBackoff = new Backoff(500);
    private waiting: ReturnType<typeof setTimeout> | undefined;
    /** The rev of each conversation that the last resume named. */
    private had: Have = {};
    /** Gaps that were left while a resume was under way. */
    private readonly left = new Set<number>();
    private readonly filling = new Set<number>();
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
        this.had = haveOf(useConversations.getState().byId.values());
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
        this.backoff.reset();
        for (const id of this.left) ledger.gaps.add(id);
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

    private async read(conversation: number): Promise<void> {
        try {
            this.engine.know(
                await this.engine.access.call<Conversation>(`/conversations/${conversation}`),
                true,
            );
        } catch {
            // Its next frame asks again.
        }
    }

    /** Asks for what lies between the rev that is known and the one that was seen. */
    private async fill(conversation: number): Promise<void> {
        if (this.filling.has(conversation)) return;
        this.filling.add(conversation);
        const { pages } = this.engine;
        try {
            for (let page = 0; page < mostChangePages; ++page) {
                const room = useConversations.getState().byId.get(conversation);
                if (!room) return;
                const changes: Changes = await pages.changes(conversation, room.rev);
                this.fillBackoff.reset();
                this.engine.apply((ledger) =>
                    ledger.changes(conversation, changes, room.rev, true),
                );
                const now = useConversations.getState().byId.get(conversation);
                if (!changes.more && (!now || now.rev >= now.seenRev)) return;
            }
            await pages.restart(conversation);
        } catch (error) {
            // Without an answer the connection is lost as well: the next resume fills the gap.
            const isBusy = error instanceof Problem && (error.status === 429 || error.status === 503);
            if (!isBusy) return;
            const pause = Math.max(error.retryAfter * 1000, this.fillBackoff.next());
            await new Promise((resolve) => setTimeout(resolve, pause));
        } finally {
            this.filling.delete(conversation);
        }
        // What came while it was started anew, or waited for, found this still at work.
        const now = useConversations.getState().byId.get(conversation);
        if (!now || now.seenRev === now.rev) return;
        if (this.resuming) this.left.add(conversation);
        else await this.fill(conversation);
    }
}
