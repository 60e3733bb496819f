import { beforeEach, describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../src/protocol/cache';
import type { Changes } from '../../src/protocol/types';
import { confirmIn } from '../../src/store/confirm';
import { Ledger, risen } from '../../src/store/ledger';
import { useConversations } from '../../src/store/state';
import { windowOf } from '../../src/store/timeline';
import { conversation, message, messages } from './make';

const me = 1;

function apply(how: (ledger: Ledger) => void): Ledger {
    const ledger = new Ledger(me);
    how(ledger);
    ledger.commit();
    return ledger;
}
const room = () => useConversations.getState().byId.get(7)!;
const seqs = () =>
    useConversations
        .getState()
        .timelines.get(7)!
        .messages.map((each) => each.seq);
const live = (seq: number, rev = seq, from = 2) => ({
    type: 'dm' as const,
    conversation: 7,
    message: 100 + seq,
    seq,
    rev,
    from,
    to: 1,
    content: `text ${seq}`,
    timestamp: '2026-11-20T21:00:00.000Z',
});
const changes = (more: Partial<Changes>): Changes => ({
    messages: [],
    rev: 0,
    receipts: [],
    more: false,
    ...more,
});

beforeEach(() => {
    useConversations.setState({ byId: new Map(), timelines: new Map() });
    apply((ledger) => {
        ledger.know(conversation(3));
        ledger.show(7, windowOf(messages(1, 3), false));
    });
});

describe('the ledger', () => {
    it('takes a live message: head, timeline, unread, news', () => {
        const ledger = apply((each) => each.live(live(4)));
        expect(room()).toMatchObject({ seq: 4, rev: 4, unread: 1 });
        expect(room().last_message!.content).toBe('text 4');
        expect(seqs()).toEqual([1, 2, 3, 4]);
        expect(ledger.news).toHaveLength(1);
        expect(ledger.gaps.size).toBe(0);
    });

    it('counts nothing twice', () => {
        apply((each) => each.live(live(4)));
        const ledger = apply((each) => each.live(live(4)));
        expect(room().unread).toBe(1);
        expect(ledger.news).toEqual([]);
        expect(seqs()).toEqual([1, 2, 3, 4]);
    });

    it('is not surprised by its own messages', () => {
        const ledger = apply((each) => each.live(live(4, 4, me)));
        expect(room().unread).toBe(0);
        expect(ledger.news).toEqual([]);
    });

    it('sees a gap and does not step over it', () => {
        const ledger = apply((each) => each.live(live(6, 6)));
        expect([...ledger.gaps]).toEqual([7]);
        expect(room()).toMatchObject({ rev: 3, seenRev: 6 });
        expect(seqs()).toEqual([1, 2, 3]);
        const filled = apply((each) =>
            each.changes(7, changes({ messages: messages(4, 6), rev: 6 }), 3),
        );
        expect(filled.gaps.size).toBe(0);
        expect(room()).toMatchObject({ rev: 6, seq: 6, seenRev: 6 });
        expect(seqs()).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('takes changes that are older than what came live', () => {
        apply((each) => {
            each.live(live(5, 6));
            each.changes(7, changes({ messages: [message(4), message(2, { rev: 5 })], rev: 5 }), 3);
        });
        expect(seqs()).toEqual([1, 2, 3, 4]);
        expect(room()).toMatchObject({ rev: 5, seenRev: 6, unread: 1 });
        apply((each) => each.changes(7, changes({ messages: [message(5, { rev: 6 })], rev: 6 }), 3));
        expect(seqs()).toEqual([1, 2, 3, 4, 5]);
        expect(room()).toMatchObject({ rev: 6, seenRev: 6, unread: 2 });
    });

    it('asks for the count when changes leave a place to a later page', () => {
        const ledger = apply((each) =>
            each.changes(7, changes({ messages: [message(4), message(6)], rev: 6, more: true }), 3),
        );
        expect([...ledger.strangers]).toEqual([7]);
    });

    it('asks for more when a page of changes is not the last', () => {
        const ledger = apply((each) =>
            each.changes(7, changes({ messages: [message(4)], rev: 4, more: true }), 3),
        );
        expect([...ledger.gaps]).toEqual([7]);
    });

    it('edits and deletes in the timeline and in the list', () => {
        const rest = { conversation: 7, message: 103, seq: 3 };
        apply((each) =>
            each.edited({
                type: 'edited',
                ...rest,
                rev: 4,
                content: 'better',
                edited_at: '2026-11-20T21:00:01.000Z',
            }),
        );
        expect(room().last_message).toMatchObject({ content: 'better', rev: 4 });
        apply((each) => each.edited({ type: 'deleted', ...rest, rev: 5 }));
        expect(room()).toMatchObject({ rev: 5 });
        expect(room().last_message).toMatchObject({ content: null, deleted: true });
        expect(useConversations.getState().timelines.get(7)!.messages[2]).toMatchObject({
            deleted: true,
        });
    });

    it('changes what is quoted and in no window, told live or by a resume', () => {
        const quotes = new Map([
            [901, message(1, { id: 901 })],
            [902, message(2, { id: 902 })],
        ]);
        useConversations.setState({ quotes, timelines: new Map() });
        const quoted = (id: number) => useConversations.getState().quotes.get(id);
        const place = { conversation: 7, message: 901, seq: 1 };
        const edited_at = '2026-11-20T21:00:00.000Z';
        const edit = { type: 'edited' as const, ...place, rev: 4, content: 'better', edited_at };
        apply((each) => each.edited(edit));
        expect(quoted(901)).toMatchObject({ content: 'better', edited_at, rev: 4 });
        const gone = message(2, { id: 902, rev: 5, content: null, deleted: true });
        apply((each) => each.changes(7, changes({ messages: [gone], rev: 5 }), 4));
        expect(quoted(902)).toMatchObject({ content: null, deleted: true });
        apply((each) => each.edited(edit));
        apply((each) => each.edited({ type: 'deleted', ...place, rev: 6 }));
        expect(quoted(901)).toMatchObject({ content: null, deleted: true, rev: 6 });
    });

    it('counts a deleted message as read', () => {
        apply((each) => each.live(live(4)));
        apply((each) =>
            each.edited({ type: 'deleted', conversation: 7, message: 104, seq: 4, rev: 5 }),
        );
        expect(room().unread).toBe(0);
    });

    it('counts anew when one has read elsewhere', () => {
        apply((each) => {
            each.live(live(4));
            each.live(live(5));
            each.live(live(6));
        });
        apply((each) => each.receipt(7, { user: me, received: 5, read: 5 }));
        expect(room().unread).toBe(1);
        apply((each) => each.receipt(7, { user: me, received: 6, read: 6 }));
        expect(room().unread).toBe(0);
    });

    it('counts off what is read in the middle of a long backlog', () => {
        const receipts = [{ user: me, received: 100, read: 10 }];
        const backlog = conversation(100, { id: 9, unread: 90, receipts });
        const page = messages(1, 50).map((each) => ({ ...each, conversation: 9 }));
        page[11] = { ...page[11]!, from: me };
        page[12] = { ...page[12]!, deleted: true };
        const unread = () => useConversations.getState().byId.get(9)!.unread;
        const read = (seq: number) =>
            apply((each) => each.receipt(9, { user: me, received: seq, read: seq }));
        apply((each) => {
            each.know(backlog);
            each.show(9, windowOf(page, false, true));
        });
        expect(read(20).strangers.size).toBe(0);
        expect(unread()).toBe(82);
        expect(read(21).strangers.size).toBe(0);
        expect(unread()).toBe(81);
        expect([...read(60).strangers]).toEqual([9]);
        read(100);
        expect(unread()).toBe(0);
    });

    it('asks the daemon for a count that it cannot know', () => {
        useConversations.setState({ timelines: new Map() });
        apply((each) => {
            each.live(live(4));
            each.live(live(5));
        });
        const ledger = apply((each) => each.receipt(7, { user: me, received: 4, read: 4 }));
        expect([...ledger.strangers]).toEqual([7]);
    });

    it('knows of conversations that it has to read', () => {
        const ledger = apply((each) => each.live({ ...live(1), conversation: 8 }));
        expect([...ledger.strangers]).toEqual([8]);
        expect(useConversations.getState().byId.has(8)).toBe(false);
    });

    it('does not believe an answer that was on its way while something was read', () => {
        const older = [{ user: 1, received: 1, read: 1 }];
        apply((each) => each.know(conversation(3, { unread: 2, receipts: older })));
        expect(room().unread).toBe(0);
    });

    it('learns of a new conversation from a resume', () => {
        const info = conversation(2, { id: 8, unread: 2, receipts: [] });
        const page = [1, 2].map((seq) => message(seq, { conversation: 8 }));
        const ledger = apply((each) =>
            each.changes(8, changes({ messages: page, rev: 2, conversation_info: info }), 0),
        );
        expect(useConversations.getState().byId.get(8)).toMatchObject({ rev: 2, unread: 2 });
        expect(useConversations.getState().timelines.get(8)!.messages).toHaveLength(2);
        expect(ledger.news).toHaveLength(2);
    });

    it('starts again when the daemon has less than it had', () => {
        apply((each) =>
            each.changes(7, changes({ messages: messages(1, 2), rev: 2, reset: true }), 3),
        );
        expect(seqs()).toEqual([1, 2]);
        expect(room()).toMatchObject({ rev: 2, seenRev: 2, seq: 2 });
    });

    it('does not let an answer that was on its way undo what came live', () => {
        apply((each) => each.live(live(4)));
        apply((each) => each.know(conversation(3)));
        expect(room()).toMatchObject({ rev: 4, seq: 4, unread: 1 });
        expect(room().last_message!.seq).toBe(4);
    });

    it('asks for the changes when an answer is ahead', () => {
        const ledger = apply((each) => each.know(conversation(9)));
        expect([...ledger.gaps]).toEqual([7]);
        expect(room()).toMatchObject({ rev: 3, seenRev: 9 });
    });

    it('shows every state as a new object', () => {
        const before = useConversations.getState();
        apply((each) => each.live(live(4)));
        const after = useConversations.getState();
        expect(after.byId).not.toBe(before.byId);
        expect(before.byId.get(7)!.seq).toBe(3);
        const ledger = new Ledger(me);
        ledger.live(live(5));
        ledger.commit();
        ledger.live(live(6));
        expect(useConversations.getState().byId.get(7)!.seq).toBe(5);
        ledger.commit();
        expect(useConversations.getState().byId.get(7)!.seq).toBe(6);
    });
});

describe('watermarks', () => {
    it('only rise, and read implies received', () => {
        const old = [{ user: 1, received: 5, read: 3 }];
        expect(risen(old, [{ user: 1, received: 4, read: 2 }])).toBe(old);
        expect(risen(old, [{ user: 1, received: 0, read: 9 }])).toEqual([
            { user: 1, received: 9, read: 9 },
        ]);
        expect(risen(old, [{ user: 2, received: 1, read: 0 }])).toHaveLength(2);
    });
});

describe('a window that is older than what is known', () => {
    it('is made whole, edits too', () => {
        apply((each) => each.show(7, undefined));
        apply((each) => {
            each.live(live(4));
            const edit = { conversation: 7, message: 102, seq: 2, rev: 5, content: 'new' };
            each.edited({ type: 'edited', ...edit, edited_at: '2026-11-20T21:00:00Z' });
        });
        const ledger = apply((each) => {
            each.show(7, windowOf(messages(1, 3), false));
            each.rewind(7, 3);
        });
        expect([...ledger.gaps]).toEqual([7]);
        expect(room()).toMatchObject({ seq: 4, rev: 3, seenRev: 5, unread: 1 });
        const news = [message(4), message(2, { rev: 5, content: 'new' })];
        apply((each) => each.changes(7, changes({ messages: news, rev: 5 }), 3));
        expect(seqs()).toEqual([1, 2, 3, 4]);
        expect(useConversations.getState().timelines.get(7)!.messages[1]!.content).toBe('new');
        expect(room()).toMatchObject({ rev: 5, unread: 1 });
    });

    it('is not thought whole by changes that were asked for before', () => {
        apply((each) => each.changes(7, changes({ messages: messages(4, 5), rev: 5 }), 3));
        apply((each) => {
            each.show(7, windowOf(messages(1, 3), false));
            each.rewind(7, 3);
        });
        const late = apply((each) =>
            each.changes(7, changes({ messages: messages(6, 6), rev: 6 }), 5),
        );
        expect(room()).toMatchObject({ rev: 3, seenRev: 6 });
        expect([...late.gaps]).toEqual([7]);
    });
});

describe('what was missed, told in several pages', () => {
    it('leaves no hole where a message that was edited late comes last', () => {
        const late = message(4, { rev: 7, content: 'edited' });
        apply((each) => each.live(live(6, 7)));
        const first = changes({ messages: messages(5, 6), rev: 6, more: true });
        apply((each) => each.changes(7, first, 3));
        apply((each) => each.changes(7, changes({ messages: [late], rev: 7 }), 6));
        expect(seqs()).toEqual([1, 2, 3, 4]);
        // 5 and 6 are a page away, as for who has scrolled up.
        expect(useConversations.getState().timelines.get(7)!.newer).toBe(true);
        expect(room()).toMatchObject({ seq: 6, rev: 7, seenRev: 7 });
    });

    it('is counted with its deletions', () => {
        const deleted = message(4, { rev: 5, content: null, deleted: true });
        const news = [message(5, { rev: 4 }), deleted];
        apply((each) => each.changes(7, changes({ messages: news, rev: 5 }), 3));
        expect(room().unread).toBe(1);
    });
});

describe('what is confirmed', () => {
    const entry = (more: Partial<OutboxEntry> = {}): OutboxEntry => ({
        id: 'a',
        kind: 'send',
        conversation: 7,
        message: null,
        content: 'as typed',
        replyTo: null,
        at: 0,
        owner: 'this tab',
        state: 'waiting',
        code: null,
        detail: null,
        ...more,
    });
    const place = { conversation: 7, message: 104, seq: 4, rev: 4 };
    const ack = { type: 'ack' as const, id: 'a', ...place };
    const shown = () => useConversations.getState().timelines.get(7)!.messages.at(-1)!;

    it('is shown as it was typed', () => {
        apply((each) => confirmIn(each, entry(), ack, me));
        expect(shown()).toMatchObject({ id: 104, from: me, content: 'as typed' });
    });

    it('is shown as it was stored where a hook has changed it, an edit too', () => {
        apply((each) => confirmIn(each, entry(), { ...ack, content: 'as stored' }, me));
        expect(shown()).toMatchObject({ content: 'as stored', edited_at: null });
        expect(room().last_message!.content).toBe('as stored');
        const edit = entry({ kind: 'edit', message: 104 });
        const edited = { ...ack, rev: 5, content: 'once more', edited_at: '2026-11-20T21:00:00Z' };
        apply((each) => confirmIn(each, edit, edited, me));
        expect(shown()).toMatchObject({ content: 'once more', edited_at: '2026-11-20T21:00:00Z' });
    });
});
