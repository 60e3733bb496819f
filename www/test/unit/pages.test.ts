import { beforeEach, expect, it } from 'vitest';
import type { CachedPage } from '../../src/protocol/cache';
import type { Message } from '../../src/protocol/types';
import type { Engine } from '../../src/store/engine';
import { Ledger } from '../../src/store/ledger';
import { Pages } from '../../src/store/pages';
import { useConversations } from '../../src/store/state';
import { conversation, message, messages } from './make';

// A conversation is opened while things happen in it.

let gaps: number[];
let copy: CachedPage | undefined;
let answer: () => Promise<{ messages: Message[]; more: boolean }>;
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
        access: { call: () => answer() },
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
