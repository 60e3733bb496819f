import { describe, expect, it } from 'vitest';
import { rowsOf, type Row } from '../../src/features/conversation/rows';
import type { OutboxEntry } from '../../src/protocol/cache';
import { windowOf } from '../../src/store/timeline';
import { message, messages } from './make';

const setting = { me: 1, receipts: [], lineAfter: null };
const kinds = (rows: Row[]) => rows.map((row) => row.kind).join(' ');
const saids = (rows: Row[]) => rows.filter((row) => row.kind === 'said');

function entry(more: Partial<OutboxEntry>): OutboxEntry {
    return {
        id: 'e',
        kind: 'send',
        conversation: 7,
        message: null,
        content: 'waiting',
        replyTo: null,
        at: Date.UTC(2026, 10, 20, 12, 1),
        owner: 't',
        state: 'waiting',
        code: null,
        detail: null,
        ...more,
    };
}

describe('rows', () => {
    it('begin, name the day, and put one author’s messages together', () => {
        const list = [message(1), message(2), message(3, { from: 1 }), message(4)];
        const rows = rowsOf(windowOf(list, false), [], setting);
        expect(kinds(rows)).toBe('top day said said said said');
        expect(saids(rows).map((row) => [row.isFirst, row.isLast])).toEqual([
            [true, false],
            [false, true],
            [true, true],
            [true, true],
        ]);
    });

    it('separate days and long silences', () => {
        const list = [
            message(1, { timestamp: '2026-11-19T12:00:00.000Z' }),
            message(2, { timestamp: '2026-11-20T12:00:00.000Z' }),
            message(3, { timestamp: '2026-11-20T12:06:00.000Z' }),
        ];
        const rows = rowsOf(windowOf(list, false), [], setting);
        expect(kinds(rows)).toBe('top day said day said said');
        expect(saids(rows).every((row) => row.isFirst)).toBe(true);
    });

    it('draw the line above the first unread message of others, once', () => {
        const list = [message(1), message(2, { from: 1 }), message(3), message(4)];
        expect(kinds(rowsOf(windowOf(list, false), [], { ...setting, lineAfter: 1 }))).toBe(
            'top day said said line said said',
        );
        expect(
            kinds(rowsOf(windowOf(list, false), [], { ...setting, lineAfter: 4 })),
        ).not.toContain('line');
    });

    it('end with what waits, unless the end is out of the window', () => {
        const waiting = [entry({ id: 'e1' }), entry({ id: 'e2', state: 'failed' })];
        const rows = rowsOf(windowOf(messages(1, 2), false), waiting, setting);
        expect(saids(rows).map((row) => row.said.tick)).toEqual([null, null, 'sending', 'failed']);
        expect(saids(rowsOf(windowOf(messages(1, 2), false, true), waiting, setting))).toHaveLength(
            2,
        );
    });

    it('show edits and deletions before they are confirmed', () => {
        const list = [message(1, { from: 1 }), message(2, { from: 1 })];
        const pending = [
            entry({ id: 'a', kind: 'edit', message: 101, content: 'better' }),
            entry({ id: 'b', kind: 'delete', message: 102, content: '' }),
        ];
        const [one, two] = saids(rowsOf(windowOf(list, false), pending, setting));
        expect(one!.said).toMatchObject({ content: 'better', isEdited: true, tick: 'sending' });
        expect(two!.said).toMatchObject({ isDeleted: true });
    });

    it('tick one’s own messages by the least of the others’ watermarks', () => {
        const list = [1, 2, 3].map((seq) => message(seq, { from: 1 }));
        const receipts = [
            { user: 1, received: 3, read: 3 },
            { user: 2, received: 2, read: 1 },
        ];
        const rows = saids(rowsOf(windowOf(list, false), [], { ...setting, receipts }));
        expect(rows.map((row) => row.said.tick)).toEqual(['read', 'received', 'sent']);
    });

    it('have keys of their own', () => {
        const rows = rowsOf(windowOf(messages(1, 50), true), [entry({})], {
            ...setting,
            lineAfter: 20,
        });
        expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
    });
});
