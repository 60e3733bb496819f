import type { Changes, Conversation, Message, Receipt, ServerFrame } from '@/protocol/types';
import { useConversations, type ConversationsState, type Room } from './state';
import { change, holds, merge, reach, trim, windowOf, type Timeline } from './timeline';

// What the daemon says about conversations, applied by the rules of `seq` and `rev`. A batch of
// frames works on copies and is shown at once (`commit`). What the ledger cannot know by itself it
// leaves in `gaps` (conversations whose changes have to be asked for) and `strangers`
// (conversations that have to be read whole).

type Live = Extract<ServerFrame, { type: 'dm' | 'message' }>;
type Edited = Extract<ServerFrame, { type: 'edited' | 'deleted' }>;

export class Ledger {
    readonly gaps = new Set<number>();
    readonly strangers = new Set<number>();
    /** Messages of others that came live and are news, for the announcer and notifications. */
    readonly news: Message[] = [];
    /** Conversations where the daemon does not know yet how far one has read. */
    readonly untold = new Set<number>();
    /** Conversations whose copies in the cache are old. */
    readonly dirty = new Set<number>();

    private byId: Map<number, Room> | null = null;
    private timelines: Map<number, Timeline> | null = null;
    private quotes: Map<number, Message | null> | null = null;

    constructor(private readonly me: number) {}

    commit(): void {
        if (!this.byId && !this.timelines && !this.quotes) return;
        useConversations.setState({
            ...(this.byId ? { byId: this.byId } : {}),
            ...(this.timelines ? { timelines: this.timelines } : {}),
            ...(this.quotes ? { quotes: this.quotes } : {}),
        });
        // What is shown is never changed again.
        this.byId = null;
        this.timelines = null;
        this.quotes = null;
    }

    private get state(): ConversationsState {
        return useConversations.getState();
    }

    room(id: number): Room | undefined {
        return (this.byId ?? this.state.byId).get(id);
    }

    /** A conversation as the daemon describes it now. */
    know(conversation: Conversation): void {
        const old = this.room(conversation.id);
        if (!old) {
            this.put({ ...conversation, seenRev: conversation.rev });
            return;
        }
        // What came live may be newer than an answer that was on its way; its rev stays where it
        // is, because only changes fill a gap.
        // So may what was read: a watermark only rises.
        const stale = isOlder(conversation, old, this.me);
        this.put({
            ...conversation,
            rev: old.rev,
            seenRev: Math.max(old.seenRev, conversation.rev),
            // Without its count its messages are not counted: those that are new fill the gap.
            seq: stale ? old.seq : Math.max(old.seq, conversation.seq),
            unread: stale ? old.unread : conversation.unread,
            last_message: stale ? old.last_message : conversation.last_message,
            receipts: risen(old.receipts, conversation.receipts),
        });
        if (conversation.rev > old.rev) this.gaps.add(conversation.id);
        if (readIn(conversation, this.me) < readIn(old, this.me)) this.untold.add(conversation.id);
    }

    live(frame: Live): void {
        this.message({
            id: frame.message,
            conversation: frame.conversation,
            seq: frame.seq,
            rev: frame.rev,
            from: frame.from,
            content: frame.content,
            timestamp: frame.timestamp,
            edited_at: null,
            deleted: false,
            reply_to: frame.reply_to ?? null,
            state: 'sent',
        });
    }

    /** A message that is new, whether it came live or is one's own, just confirmed. */
    message(message: Message): void {
        const room = this.room(message.conversation);
        if (!room) {
            this.strangers.add(message.conversation);
            return;
        }
        this.see(room, message.rev);
        // Behind a gap nothing can be counted: what fills it brings this message, too.
        const isNews = message.seq <= room.seq + 1 && this.advance(message);
        this.update(message.conversation, (timeline) => trim(merge(timeline, [message])));
        if (isNews && message.from !== this.me) this.news.push(message);
    }

    /** An edit or a deletion, of anybody, told by a frame or confirmed by an ack. */
    edited(frame: Edited): void {
        const room = this.room(frame.conversation);
        if (!room) {
            this.strangers.add(frame.conversation);
            return;
        }
        this.see(room, frame.rev);
        const how: Partial<Message> =
            frame.type === 'edited'
                ? { content: frame.content, edited_at: frame.edited_at }
                : { content: null, deleted: true, edited_at: null };
        this.update(frame.conversation, (timeline) => change(timeline, frame.seq, frame.rev, how));
        this.requote(frame.message, frame.rev, how);
        const now = this.room(frame.conversation)!;
        const last = now.last_message;
        if (last && last.id === frame.message && last.rev < frame.rev) {
            this.put({ ...now, last_message: { ...last, ...how, rev: frame.rev } });
        }
        if (frame.type === 'deleted') this.uncount(frame.conversation, frame.seq);
    }

    receipt(conversation: number, receipt: Receipt): void {
        const room = this.room(conversation);
        if (!room) return;
        const receipts = risen(room.receipts, [receipt]);
        if (receipts === room.receipts) return;
        const before = this.readBy(conversation);
        this.put({ ...room, receipts });
        if (receipt.user === this.me) this.recount(conversation, before);
    }

    /**
     * A window that is shown now was read at `rev`: what came live since then found no window to go
     * into, so that it has to be asked for again.
     */
    rewind(conversation: number, rev: number): void {
        const room = this.room(conversation);
        if (!room || room.rev <= rev) return;
        this.put({ ...room, rev });
        this.gaps.add(conversation);
    }

    /** A page of what has changed since the rev `since`, of a resume or of a question. */
    changes(
        conversation: number,
        changes: Changes,
        since: number,
        isLast = !changes.more,
    ): void {
        if (changes.conversation_info) return this.discover(changes);
        const room = this.room(conversation);
        if (!room) {
            this.strangers.add(conversation);
            return;
        }
        if (changes.reset) return this.reset(room, changes);
        const sorted = [...changes.messages].sort((a, b) => a.seq - b.seq);
        for (const message of sorted) {
            // In the order of rev a message that was edited late comes late: then only the daemon
            // knows the count.
            if (message.seq > this.room(conversation)!.seq + 1) this.strangers.add(conversation);
            this.requote(message.id, message.rev, message);
            const isNews = this.advance(message);
            if (isNews && this.isUnread(message)) this.news.push(message);
        }
        this.update(conversation, (timeline) => trim(merge(timeline, sorted)));
        for (const each of sorted) if (each.deleted) this.uncount(conversation, each.seq);
        const now = this.room(conversation)!;
        // The room may have been rewound since they were asked for: then they step over something.
        const rev = since <= now.rev ? Math.max(now.rev, changes.rev) : now.rev;
        const seenRev = Math.max(now.seenRev, changes.rev);
        this.put({ ...now, rev, seenRev });
        if (seenRev > rev) this.gaps.add(conversation);
        for (const receipt of changes.receipts) {
            this.receipt(conversation, receipt);
            const isOwn = receipt.user === this.me;
            if (isOwn && receipt.read < this.readBy(conversation)) this.untold.add(conversation);
        }
        if (!isLast) this.gaps.add(conversation);
        else if (seenRev === rev) this.update(conversation, (window) => reach(window, now.seq));
    }

    /** A conversation that was not known here; its newest page comes with it. */
    private discover(changes: Changes): void {
        const info = changes.conversation_info!;
        const old = this.room(info.id);
        if (old) return this.know(info);
        this.put({ ...info, rev: Math.min(info.rev, changes.rev), seenRev: info.rev });
        this.show(info.id, windowOf(changes.messages, changes.more));
        this.news.push(...changes.messages.filter((each) => this.isUnread(each)));
    }

    /** The conversation as it is now, whatever was known, with a window that was read after it. */
    restart(info: Conversation, timeline: Timeline): void {
        const old = this.room(info.id);
        const seenRev = Math.max(old?.seenRev ?? 0, info.rev);
        this.put({ ...info, seenRev, receipts: risen(old?.receipts ?? [], info.receipts) });
        this.show(info.id, timeline);
        if (seenRev > info.rev) this.gaps.add(info.id);
    }

    /** The daemon's history is shorter than what is known here: a restored backup. */
    private reset(room: Room, changes: Changes): void {
        const newest = changes.messages.at(-1) ?? null;
        this.put({
            ...room,
            rev: changes.rev,
            seenRev: changes.rev,
            seq: newest?.seq ?? 0,
            last_message: newest,
            receipts: changes.receipts,
            unread: 0,
        });
        this.show(room.id, windowOf(changes.messages, changes.more));
        this.recount(room.id);
    }

    show(conversation: number, timeline: Timeline | undefined): void {
        this.timelines ??= new Map(this.state.timelines);
        if (timeline) this.timelines.set(conversation, timeline);
        else this.timelines.delete(conversation);
        this.dirty.add(conversation);
    }

    timeline(conversation: number): Timeline | undefined {
        return (this.timelines ?? this.state.timelines).get(conversation);
    }

    readBy(conversation: number, user = this.me): number {
        return this.room(conversation)?.receipts.find((each) => each.user === user)?.read ?? 0;
    }

    private isUnread(message: Message): boolean {
        return this.isOthers(message) && message.seq > this.readBy(message.conversation);
    }

    private isOthers(message: Message): boolean {
        return message.from !== this.me && !message.deleted;
    }

    /** What is quoted, and in no window, has changed. */
    private requote(id: number, rev: number, how: Partial<Message>): void {
        const old = (this.quotes ?? this.state.quotes).get(id);
        if (!old || old.rev >= rev) return;
        this.quotes ??= new Map(this.state.quotes);
        this.quotes.set(id, { ...old, ...how, rev });
    }

    private see(room: Room, rev: number): void {
        const next = rev === room.rev + 1 ? rev : room.rev;
        if (rev > next) this.gaps.add(room.id);
        if (next !== room.rev || rev > room.seenRev) {
            this.put({ ...room, rev: next, seenRev: Math.max(room.seenRev, rev) });
        }
    }

    /** Moves the head on; false when the message was counted before. */
    private advance(message: Message): boolean {
        const room = this.room(message.conversation)!;
        const last = room.last_message;
        if (message.seq <= room.seq) {
            const same = last?.id === message.id && last.rev < message.rev;
            const later = !last || message.seq > last.seq;
            if (same || later) this.put({ ...room, last_message: message });
            return false;
        }
        const counts = this.isUnread(message);
        this.put({
            ...room,
            seq: message.seq,
            last_message: message,
            unread: room.unread + (counts ? 1 : 0),
        });
        return true;
    }

    private uncount(conversation: number, seq: number): void {
        const room = this.room(conversation)!;
        if (seq > this.readBy(conversation) && room.unread > 0) this.recount(conversation);
    }

    /**
     * Counts unread messages anew where the window covers them all, or counts off those since the
     * watermark was at `before` where it covers these.
     */
    recount(conversation: number, before?: number): void {
        const room = this.room(conversation);
        if (!room) return;
        const read = this.readBy(conversation);
        const timeline = this.timeline(conversation);
        let unread = room.unread;
        if (read >= room.seq) {
            unread = 0;
        } else if (timeline && holds(timeline, read + 1, room.seq)) {
            unread = timeline.messages.filter((each) => this.isUnread(each)).length;
        } else if (before !== undefined && timeline && holds(timeline, before + 1, read)) {
            const seen = timeline.messages.filter(
                (each) => this.isOthers(each) && each.seq > before && each.seq <= read,
            );
            unread = Math.max(0, unread - seen.length);
        } else {
            this.strangers.add(conversation);
        }
        if (unread !== room.unread) this.put({ ...room, unread });
    }

    private update(conversation: number, how: (timeline: Timeline) => Timeline): void {
        const timeline = this.timeline(conversation);
        if (!timeline) return;
        const next = how(timeline);
        if (next !== timeline) this.show(conversation, next);
    }

    private put(room: Room): void {
        this.byId ??= new Map(this.state.byId);
        this.byId.set(room.id, room);
        this.dirty.add(room.id);
    }
}

/** How far somebody has read, as an answer says. */
const readIn = ({ receipts }: Conversation, user: number): number =>
    receipts.find((each) => each.user === user)?.read ?? 0;

/** Whether an answer left the daemon before something that is known here. */
export function isOlder(found: Conversation, room: Room, me: number): boolean {
    return found.rev < room.seenRev || readIn(found, me) < readIn(room, me);
}

/** Watermarks only rise; `read` implies `received`. The same array when nothing rose. */
export function risen(old: readonly Receipt[], news: readonly Receipt[]): Receipt[] {
    let result = old as Receipt[];
    for (const each of news) {
        const known = result.find((one) => one.user === each.user);
        const read = Math.max(known?.read ?? 0, each.read);
        const received = Math.max(known?.received ?? 0, each.received, read);
        if (known && known.read === read && known.received === received) continue;
        const rest = result.filter((one) => one.user !== each.user);
        result = [...rest, { user: each.user, received, read }];
    }
    return result;
}
