import type { OutboxEntry } from '@/protocol/cache';
import type { Message, Receipt, Tick } from '@/protocol/types';
import { dayKey } from '@/lib/time';
import { keyOf } from '@/store/keys';
import type { Timeline } from '@/store/timeline';

// A conversation as rows: days, the line above what is unread, and messages in runs of one author.

/** What a bubble shows, of a message that is stored or still in the outbox. */
export interface Said {
    /** Null while it is in the outbox. */
    message: Message | null;
    entry: OutboxEntry | null;
    from: number;
    content: string;
    timestamp: string | number;
    /** The timestamp in milliseconds, and its day. */
    at: number;
    day: string;
    isDeleted: boolean;
    isEdited: boolean;
    replyTo: number | null;
    tick: Tick | 'sending' | 'failed' | null;
}

export type Row =
    | { kind: 'top'; key: string }
    | { kind: 'day'; key: string; timestamp: string | number }
    | { kind: 'line'; key: string }
    | { kind: 'said'; key: string; said: Said; isFirst: boolean; isLast: boolean };

const runGap = 5 * 60_000;

export interface Setting {
    me: number;
    receipts: readonly Receipt[];
    /** The unread line is above the first message of others behind this seq; null: no line. */
    lineAfter: number | null;
}

function tickOf(seq: number, { me, receipts }: Setting): Tick {
    const others = receipts.filter((each) => each.user !== me);
    if (others.length === 0) return 'sent';
    if (others.every((each) => each.read >= seq)) return 'read';
    return others.every((each) => each.received >= seq) ? 'received' : 'sent';
}

// The same message in the same state is the same object, so that its bubble is not drawn again when
// another one comes in.
const kept = new WeakMap<Message | OutboxEntry, Said>();

function keep(source: Message | OutboxEntry, said: Said): Said {
    kept.set(source, said);
    return said;
}

function storedSaid(message: Message, change: OutboxEntry | undefined, setting: Setting): Said {
    const isOwn = message.from === setting.me;
    const isDeleted = message.deleted || change?.kind === 'delete';
    let tick: Said['tick'] = isOwn && !isDeleted ? tickOf(message.seq, setting) : null;
    if (change) tick = change.state === 'failed' ? 'failed' : 'sending';
    const old = kept.get(message);
    if (old && old.tick === tick && old.entry === (change ?? null)) return old;
    return keep(message, {
        message,
        entry: change ?? null,
        from: message.from,
        content: change?.kind === 'edit' ? change.content : (message.content ?? ''),
        timestamp: message.timestamp,
        at: old?.at ?? Date.parse(message.timestamp),
        day: old?.day ?? dayKey(message.timestamp),
        isDeleted,
        isEdited: message.edited_at !== null || change?.kind === 'edit',
        replyTo: message.reply_to,
        tick,
    });
}

function waitingSaid(entry: OutboxEntry, me: number): Said {
    const old = kept.get(entry);
    if (old) return old;
    return keep(entry, {
        message: null,
        entry,
        from: me,
        content: entry.content,
        timestamp: entry.at,
        at: entry.at,
        day: dayKey(entry.at),
        isDeleted: false,
        isEdited: false,
        replyTo: entry.replyTo,
        tick: entry.state === 'failed' ? 'failed' : 'sending',
    });
}

function belongs(a: Said, b: Said): boolean {
    return a.from === b.from && b.at - a.at < runGap && a.day === b.day;
}

export function rowsOf(
    timeline: Timeline,
    outbox: readonly OutboxEntry[],
    setting: Setting,
): Row[] {
    const changes = new Map(outbox.filter((e) => e.kind !== 'send').map((e) => [e.message, e]));
    const said = timeline.messages.map((each) => storedSaid(each, changes.get(each.id), setting));
    // What waits belongs at the end, and the end may be out of the window.
    if (!timeline.newer) {
        const waiting = outbox.filter((each) => each.kind === 'send');
        said.push(...waiting.map((each) => waitingSaid(each, setting.me)));
    }
    const rows: Row[] = [{ kind: 'top', key: 'top' }];
    let previous: Said | null = null;
    let isLineDue = setting.lineAfter !== null;
    for (const each of said) {
        const isNewDay = !previous || previous.day !== each.day;
        if (isNewDay) rows.push({ kind: 'day', key: `d${each.day}`, timestamp: each.timestamp });
        const isUnread = each.message !== null && each.message.seq > (setting.lineAfter ?? 0);
        const isLine = isLineDue && isUnread && each.from !== setting.me && !each.isDeleted;
        if (isLine) {
            isLineDue = false;
            rows.push({ kind: 'line', key: 'line' });
        }
        const isFirst = isNewDay || isLine || !previous || !belongs(previous, each);
        const before = rows.at(-1);
        if (!isFirst && before?.kind === 'said') before.isLast = false;
        const key = each.message ? keyOf(each.message.id) : each.entry!.id;
        rows.push({ kind: 'said', key, said: each, isFirst, isLast: true });
        previous = each;
    }
    return rows;
}
