import type { Changes, Conversation, Message } from '@/protocol/types';
import type { Engine } from './engine';
import { findMessage, type Page } from './finding';
import { useConversations, withEntry, type Loading } from './state';
import { append, prepend, windowOf, type Timeline } from './timeline';

// Reading history: the first page of a conversation, at its end or around the first unread message,
// and the pages before and after.

const pageSize = 50;
/** Messages that are read before the first unread one, to have something to go on from. */
const before = 15;
/** Messages before one that somebody jumps to: so many that no older page is wanted at once. */
const beforeJump = 25;

export class Pages {
    private readonly first = new Map<number, Promise<void>>();
    private readonly quoted = new Set<number>();
    private quoting: Promise<unknown> = Promise.resolve();

    constructor(private readonly engine: Engine) {}

    forget(): void {
        this.first.clear();
        this.quoted.clear();
    }

    changes(conversation: number, since: number): Promise<Changes> {
        return this.engine.access.call(
            `/conversations/${conversation}/changes?since=${since}&limit=200`,
        );
    }

    /** Makes sure that there is a window to show. */
    open(conversation: number): Promise<void> {
        if (useConversations.getState().timelines.has(conversation)) return Promise.resolve();
        let opening = this.first.get(conversation);
        if (!opening) {
            opening = this.readFirst(conversation).finally(() => this.first.delete(conversation));
            this.first.set(conversation, opening);
        }
        return opening;
    }

    /** Gives up a window, for the newest page. */
    async startAnew(conversation: number): Promise<void> {
        const page = await this.page(conversation, '');
        this.show(conversation, windowOf(page.messages, page.more), page.rev);
    }

    /** Gives up catching up change by change: what the daemon says now is what counts. */
    async restart(conversation: number): Promise<void> {
        const info = await this.engine.access.call<Conversation>(`/conversations/${conversation}`);
        const page = await this.page(conversation, '');
        this.engine.apply((ledger) => ledger.restart(info, windowOf(page.messages, page.more)));
    }

    async older(conversation: number): Promise<void> {
        await this.more(conversation, 'older', (timeline) => {
            const first = timeline.messages[0];
            return first && timeline.older ? `&before=${first.seq}` : null;
        });
    }

    async newer(conversation: number): Promise<void> {
        await this.more(conversation, 'newer', (timeline) => {
            const last = timeline.messages.at(-1)?.seq ?? 0;
            return timeline.newer ? `&after=${last}` : null;
        });
    }

    /** A window around a message that is not in the present one; false when there is none. */
    async around(conversation: number, message: number): Promise<boolean> {
        const { timelines, quotes } = useConversations.getState();
        const timeline = timelines.get(conversation);
        if (timeline?.messages.some((each) => each.id === message)) return true;
        const found = quotes.get(message) ?? (await this.find(conversation, message));
        if (found) await this.readAround(conversation, found.seq, beforeJump);
        return found !== null;
    }

    /** Finds a message that is quoted and in no window, one after the other. */
    quote(conversation: number, message: number): void {
        if (this.quoted.has(message)) return;
        this.quoted.add(message);
        const look = () =>
            this.find(conversation, message).then(
                (found) => {
                    const { quotes } = useConversations.getState();
                    useConversations.setState({ quotes: new Map(quotes).set(message, found) });
                },
                // Without an answer it is asked for again when it is next on the screen.
                () => this.quoted.delete(message),
            );
        this.quoting = this.quoting.then(look);
    }

    private find(conversation: number, message: number): Promise<Message | null> {
        const window = useConversations.getState().timelines.get(conversation)?.messages ?? [];
        const read = (from: string) => this.page(conversation, from);
        return findMessage(read, window, message, pageSize);
    }

    private async readFirst(conversation: number): Promise<void> {
        this.mark(conversation, 'first');
        const cached = await this.engine.cachedPage(conversation);
        const room = useConversations.getState().byId.get(conversation);
        if (cached && room && cached.rev === room.rev && room.rev === room.seenRev) {
            this.show(conversation, windowOf(cached.messages, cached.older), cached.rev);
            return this.mark(conversation, 'no');
        }
        try {
            const read = room?.receipts.find((each) => each.user === this.engine.me)?.read ?? 0;
            if (room && room.unread > pageSize - before && read < room.seq) {
                await this.readAround(conversation, read + 1);
            } else {
                await this.startAnew(conversation);
            }
            this.mark(conversation, 'no');
        } catch (error) {
            // A copy that is not the newest is better than nothing while there is no connection; an
            // empty one of what has messages by now would only pass for its beginning.
            const copy = cached && (cached.messages.length > 0 || room?.seq === 0) ? cached : null;
            if (copy) this.show(conversation, windowOf(copy.messages, copy.older), copy.rev);
            this.mark(conversation, copy ? 'no' : 'failed');
            if (!copy) throw error;
        }
    }

    private async readAround(conversation: number, seq: number, lead = before): Promise<void> {
        const start = Math.max(0, seq - 1 - lead);
        const page = await this.page(conversation, `&after=${start}`);
        this.show(conversation, windowOf(page.messages, start > 0, page.more), page.rev);
    }

    private async more(
        conversation: number,
        way: 'older' | 'newer',
        query: (timeline: Timeline) => string | null,
    ): Promise<void> {
        const state = useConversations.getState();
        const timeline = state.timelines.get(conversation);
        const loading = state.loading.get(conversation) ?? 'no';
        const from = timeline && query(timeline);
        if (!from || (loading !== 'no' && loading !== 'failed')) return;
        this.mark(conversation, way);
        try {
            const page = await this.page(conversation, from);
            const now = useConversations.getState().timelines.get(conversation);
            // The window may have lost that end since, or be another one: then the page does not
            // join it, and is asked for again from where it ends now.
            if (now && query(now) === from) {
                const grow = way === 'older' ? prepend : append;
                this.show(conversation, grow(now, page.messages, page.more), page.rev);
            }
            this.mark(conversation, 'no');
        } catch {
            this.mark(conversation, 'failed');
        }
    }

    /** A page, and the rev that was known when it was asked for: the page is at least as new. */
    private async page(conversation: number, query: string): Promise<Page & { rev: number }> {
        const rev = useConversations.getState().byId.get(conversation)?.rev ?? 0;
        const page = await this.engine.access.call<Page>(
            `/conversations/${conversation}/messages?limit=${pageSize}${query}`,
        );
        return { ...page, rev };
    }

    /** Shows a window that has everything up to `rev`. */
    private show(conversation: number, timeline: Timeline, rev: number): void {
        this.engine.apply((ledger) => {
            ledger.show(conversation, timeline);
            ledger.rewind(conversation, rev);
            // A window that has just been read may be newer than what is known of its head.
            for (const each of timeline.messages) {
                const room = ledger.room(conversation);
                if (room && each.seq > room.seq) ledger.gaps.add(conversation);
            }
        });
    }

    private mark(conversation: number, loading: Loading): void {
        const { loading: old } = useConversations.getState();
        useConversations.setState({ loading: withEntry(old, conversation, loading) });
    }
}
