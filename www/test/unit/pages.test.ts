import { beforeEach, expect, it } from 'vitest';
import type { CachedPage } from '../../src/protocol/cache';
import type { Message } from '../../src/protocol/types';
import type { Engine } from '../../src/store/engine';
import { Ledger } from '../../src/store/ledger';
import { Pages } from '../../src/store/pages';
import { useConversations } from '../../src/store/state';
import { windowOf } from '../../src/store/timeline';
import { conversation, message, messages } from './make';

// A conversation is opened while things happen in it.

let gaps: number[];
let copy: CachedPage | undefined;
let answer: (path: string) => Promise<{ messages: Message[]; more: boolean }>;
let meanwhile: () => void;

function apply(how: (ledger: Ledger) => void): void {
    const ledger = new Ledger(1);
    how(ledger);
    ledger.commit();
    gaps.push(...ledger.gaps);
}
const resumed = () =>
    apply((each) => each.changes(7, { ...news, rev: 4, receipts: [], more: false }, 3));
const news = { messages: [message(4)] };

const pages = () =>
    new Pages({
        me: 1,
        apply,
        cachedPage: async () => {
            meanwhile();
            return copy;
        },
        access: { call: (path: string) => answer(path) },
    } as unknown as Engine);
const state = () => useConversations.getState();
const seqs = () => state().timelines.get(7)!.messages.map((each) => each.seq);

beforeEach(() => {
    useConversations.setState({ byId: new Map(), timelines: new Map(), loading: new Map() });
    gaps = [];
    meanwhile = () => {};
    copy = { conversation: 7, rev: 3, messages: messages(1, 3), older: false };
    answer = () => Promise.resolve({ messages: messages(1, 4), more: false });
    apply((each) => each.know(conversation(3)));
});

it('the copy of the newest page is shown without asking', async () => {
    answer = () => Promise.reject(new Error('nobody asks'));
    await pages().open(7);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(gaps).toEqual([]);
});

it('a copy that was read while changes came is not taken for the newest', async () => {
    meanwhile = resumed;
    await pages().open(7);
    expect(seqs()).toEqual([1, 2, 3, 4]);
});

it('an old copy is shown without a connection, and what it misses is a gap', async () => {
    resumed();
    answer = () => Promise.reject(new Error('no network'));
    await pages().open(7);
    expect(seqs()).toEqual([1, 2, 3]);
    expect(gaps).toEqual([7]);
    expect(state().byId.get(7)).toMatchObject({ rev: 3, seenRev: 4 });
});

it('an older page that does not join the window any more is asked for again', async () => {
    const asked: string[] = [];
    copy = undefined;
    useConversations.setState({ byId: new Map() });
    apply((each) => each.know(conversation(600)));
    apply((each) => each.show(7, windowOf(messages(101, 600), true)));
    answer = async (path) => {
        asked.push(path);
        const before = Number(/before=(\d+)/.exec(path)![1]);
        // The window is full and reaches the end: its first message makes room for the new one.
        if (asked.length === 1) apply((each) => each.message(message(601)));
        return { messages: messages(before - 50, before - 1), more: true };
    };
    const reading = pages();
    await reading.older(7);
    expect(seqs()).toEqual(messages(102, 601).map((each) => each.seq));
    await reading.older(7);
    expect(asked.map((path) => path.split('&')[1])).toEqual(['before=101', 'before=102']);
    expect(seqs()).toEqual(messages(52, 551).map((each) => each.seq));
});

it('a newer page is not put behind a window that has been given up', async () => {
    apply((each) => each.show(7, windowOf(messages(100, 101), true, true)));
    answer = async () => {
        apply((each) => each.show(7, windowOf(messages(1, 50), false, true)));
        return { messages: messages(102, 151), more: true };
    };
    await pages().newer(7);
    expect(seqs()).toEqual(messages(1, 50).map((each) => each.seq));
});

it('what came while a page was on its way is asked for again', async () => {
    copy = undefined;
    answer = async () => {
        resumed();
        return { messages: messages(1, 3), more: false };
    };
    await pages().open(7);
    expect(gaps).toEqual([7]);
    resumed();
    expect(seqs()).toEqual([1, 2, 3, 4]);
});
