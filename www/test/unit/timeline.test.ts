import { describe, expect, it } from 'vitest';
import { append, change, merge, most, prepend, trim, windowOf } from '../../src/store/timeline';
import { message, messages } from './make';

const seqs = (timeline: { messages: readonly { seq: number }[] }) =>
    timeline.messages.map((each) => each.seq);

describe('a window over a conversation', () => {
    it('goes on with what follows', () => {
        expect(seqs(merge(windowOf(messages(1, 3), false), messages(4, 6)))).toEqual([
            1, 2, 3, 4, 5, 6,
        ]);
    });

    it('takes changes in whatever order they come', () => {
        const mixed = [message(5), message(4), message(2, { rev: 9, content: 'edited' })];
        const timeline = merge(windowOf(messages(1, 3), false), mixed);
        expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5]);
        expect(timeline.messages[1]!.content).toBe('edited');
    });

    it('never goes back to an older state of a message', () => {
        const timeline = windowOf([message(1, { rev: 5, content: 'new' })], false);
        expect(merge(timeline, [message(1, { rev: 1 })])).toBe(timeline);
        expect(merge(timeline, [message(1, { rev: 5 })])).toBe(timeline);
    });

    it('has no holes: what lies behind a gap waits for it', () => {
        expect(seqs(merge(windowOf(messages(1, 3), false), [message(5)]))).toEqual([1, 2, 3]);
        expect(seqs(merge(windowOf(messages(1, 3), false), [message(5), message(4)]))).toEqual([
            1, 2, 3, 4, 5,
        ]);
    });

    it('begins with the first message of an empty conversation', () => {
        expect(seqs(merge(windowOf([], false), [message(1)]))).toEqual([1]);
        expect(seqs(merge(windowOf([], false), [message(2)]))).toEqual([]);
    });

    it('leaves out new messages while it does not reach the end', () => {
        expect(seqs(merge(windowOf(messages(1, 3), false, true), [message(4)]))).toEqual([1, 2, 3]);
    });

    it('grows at both ends and holds a bounded number', () => {
        let timeline = windowOf(messages(951, 1000), true);
        for (let first = 901; first > 0; first -= 50) {
            timeline = prepend(timeline, messages(first, first + 49), first > 1);
            expect(timeline.messages.length).toBeLessThanOrEqual(most);
        }
        expect(timeline.messages[0]!.seq).toBe(1);
        expect(timeline).toMatchObject({ older: false, newer: true });
        expect(timeline.messages.length).toBe(most);
        while (timeline.newer) {
            const next = timeline.messages.at(-1)!.seq + 1;
            timeline = append(timeline, messages(next, next + 49), next + 49 < 1000);
        }
        expect(timeline.messages.at(-1)!.seq).toBe(1000);
        expect(timeline.older).toBe(true);
        expect(new Set(seqs(timeline)).size).toBe(most);
    });

    it('does not take a page twice', () => {
        const timeline = prepend(windowOf(messages(51, 60), true), messages(41, 50), true);
        expect(seqs(prepend(timeline, messages(41, 50), true))).toEqual(seqs(timeline));
        expect(seqs(append(timeline, messages(55, 60), false))).toEqual(seqs(timeline));
    });

    it('gives back its oldest when it has grown at the end', () => {
        const timeline = trim(windowOf(messages(1, most + 20), false));
        expect(timeline.messages[0]!.seq).toBe(21);
        expect(timeline.older).toBe(true);
    });

    it('changes one message, once', () => {
        const timeline = windowOf(messages(1, 3), false);
        const edited = change(timeline, 2, 9, { content: 'better' });
        expect(edited.messages[1]).toMatchObject({ content: 'better', rev: 9 });
        expect(change(edited, 2, 8, { content: 'older' })).toBe(edited);
        expect(change(edited, 77, 10, { content: 'nowhere' })).toBe(edited);
    });
});
