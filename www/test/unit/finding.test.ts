import { describe, expect, it } from 'vitest';
import { findMessage, type Page } from '../../src/store/finding';
import { message } from './make';

// A conversation of `count` messages whose ids have the gaps that `idOf` gives them, paged as the
// daemon pages.

function house(count: number, idOf: (seq: number) => number) {
    const all = Array.from({ length: count }, (_, place) =>
        message(place + 1, { id: idOf(place + 1) }),
    );
    let pages = 0;
    const read = async (from: string): Promise<Page> => {
        pages += 1;
        const [, way, seq] = /&(before|after)=(\d+)/.exec(from) ?? [];
        if (way === 'after') {
            return { messages: all.slice(Number(seq), Number(seq) + 50), more: true };
        }
        const end = way ? Number(seq) - 1 : count;
        return { messages: all.slice(Math.max(0, end - 50), end), more: end > 50 };
    };
    return { all, read, pages: () => pages };
}

describe('a message is found by its id', () => {
    it('just before the window in one page', async () => {
        const { all, read, pages } = house(10_000, (seq) => seq * 7);
        const found = await findMessage(read, all.slice(-50), all[9_930]!.id, 50);
        expect(found).toBe(all[9_930]);
        expect(pages()).toBe(1);
    });

    it('anywhere in a long history in a few pages, however ids are spread', async () => {
        const spreads = [
            (seq: number) => seq * 3,
            (seq: number) => seq + (seq > 500 ? 1_000_000 : 0),
            (seq: number) => seq * seq,
            (seq: number) => Math.floor(1.0001 ** seq * 10_000) + seq,
        ];
        for (const spread of spreads) {
            const { all, read, pages } = house(100_000, spread);
            const wanted = [1, 2, 499, 501, 50_000, 99_000].map((seq) => all[seq - 1]!);
            for (const each of wanted) {
                expect(await findMessage(read, all.slice(-50), each.id, 50)).toBe(each);
            }
            expect(pages() / wanted.length).toBeLessThan(16);
        }
    });

    it('or is not, when nothing has its id', async () => {
        const { all, read, pages } = house(1000, (seq) => seq * 10);
        for (const id of [5, 15, 4995, 9999, 20_000]) {
            expect(await findMessage(read, all.slice(-50), id, 50)).toBeNull();
        }
        expect(await findMessage(read, [], 5, 50)).toBeNull();
        expect(pages()).toBeLessThan(60);
        expect(await findMessage(house(0, (seq) => seq).read, [], 1, 50)).toBeNull();
    });

    it('after a window that does not reach the end', async () => {
        const { all, read } = house(1000, (seq) => seq * 2);
        const found = await findMessage(read, all.slice(100, 150), all[700]!.id, 50);
        expect(found).toBe(all[700]);
    });
});
