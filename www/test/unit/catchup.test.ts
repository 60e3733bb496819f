import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../src/protocol/http';
import type { Changes, Conversation } from '../../src/protocol/types';
import { CatchUp, haveOf } from '../../src/store/catchup';
import type { Engine } from '../../src/store/engine';
import { Ledger } from '../../src/store/ledger';
import { Pages } from '../../src/store/pages';
import { useConversations, type Room } from '../../src/store/state';
import { conversation, message, messages } from './make';

// A client that missed something gets level with the daemon, whatever happens meanwhile.

const state = () => useConversations.getState();
const room = () => state().byId.get(7)!;
const seqs = () => state().timelines.get(7)!.messages.map((each) => each.seq);

/** Where the daemon's conversation stands, each message at the rev of its seq. */
let head: number;
/** How many changes the daemon tells at once. */
let atOnce: number;
/** Happens while the newest page is on its way. */
let meanwhile: () => void;
/** Whether the daemon's store is away. */
let unreadable: boolean;
let asked: string[];
/** The resumes that left. */
let sent: { id: string; have: Record<string, number> }[];
let catchUp: CatchUp;

function changesSince(since: number): Changes {
    const last = Math.min(head, since + atOnce);
    return {
        conversation: 7,
        messages: messages(since + 1, last),
        rev: last,
        receipts: [],
        more: last < head,
    } as Changes;
}

const renamed = () => {
    const known = conversation(head);
    return { ...known, peer: { ...known.peer!, display_name: 'Robert' } };
};

async function call(path: string): Promise<unknown> {
    asked.push(path);
    if (unreadable) throw new Problem('unavailable', 'the store is away', 503, [], 2);
    const since = /changes\?since=(\d+)/.exec(path);
    if (since) return changesSince(Number(since[1]));
    if (path.startsWith('/conversations?')) return { conversations: [renamed()], next: null };
    if (!path.includes('/messages')) return renamed();
    const page = { messages: messages(1, head), more: false, rev: head };
    meanwhile();
    return page;
}

function apply(how: (ledger: Ledger) => void): void {
    const ledger = new Ledger(1);
    how(ledger);
    ledger.commit();
    catchUp.settle(ledger);
}

function comes(seq: number): void {
    head = seq;
    apply((ledger) => ledger.message(message(seq)));
}

beforeEach(() => {
    useConversations.setState({
        ready: true,
        byId: new Map(),
        timelines: new Map(),
        loading: new Map(),
    });
    const engine = { me: 1, live: true, apply, access: { call }, cachedPage: () => undefined, meet: () => {} };
    const pages = new Pages(engine as unknown as Engine);
    const list = (all: Conversation[]) =>
        apply((ledger) => all.forEach((each) => ledger.know(each)));
    const know = (found: Conversation) => list([found]);
    catchUp = new CatchUp({ ...engine, pages, list, know } as unknown as Engine, {
        send: (frame) => sent.push(frame),
    });
    meanwhile = () => {};
    [asked, sent, unreadable] = [[], [], false];
    head = 3;
    atOnce = 200;
    apply((ledger) => ledger.know(conversation(3)));
});

it('what was stepped over is asked for', async () => {
    comes(6);
    await vi.waitFor(() => expect(room().rev).toBe(6));
    expect(room().last_message?.seq).toBe(6);
});

it('while a resume is under way nothing else is asked', async () => {
    void catchUp.resume();
    comes(6);
    expect(asked).toEqual([]);
    apply((ledger) => catchUp.resumed(ledger));
    await vi.waitFor(() => expect(room().rev).toBe(6));
});

it('changes that a resume has only the first of are asked for when it is over', async () => {
    void catchUp.resume();
    head = 500;
    const frame = { type: 'changes' as const, conversation: 7, ...changesSince(3) };
    apply((ledger) => catchUp.changes(frame, ledger));
    expect(room().rev).toBe(203);
    expect(asked).toEqual([]);
    // In a batch of its own, as in a hidden tab, where each frame is one.
    apply((ledger) => catchUp.resumed(ledger));
    await vi.waitFor(() => expect(room().rev).toBe(500));
});

it('pages of changes that are short or empty lead on to where they say', async () => {
    comes(4);
    head = 120;
    const empty = { messages: [], rev: 100, receipts: [], more: true };
    apply((ledger) => ledger.changes(7, empty, 4));
    await vi.waitFor(() => expect(room().rev).toBe(120));
    expect(asked[0]).toContain('since=100&');
});

it('what comes while a conversation is read anew is not lost', async () => {
    atOnce = 1;
    meanwhile = () => {
        meanwhile = () => {};
        atOnce = 200;
        comes(head + 2);
    };
    comes(100);
    await vi.waitFor(() => expect(room().rev).toBe(102));
    expect(seqs()).toEqual(messages(1, 102).map((each) => each.seq));
});

it('a gap is asked for again when the daemon was too busy to tell, and says when', async () => {
    vi.useFakeTimers();
    unreadable = true;
    comes(6);
    await vi.advanceTimersByTimeAsync(1_900);
    expect(asked).toHaveLength(1);
    unreadable = false;
    await vi.advanceTimersByTimeAsync(200);
    expect(room().rev).toBe(6);
    vi.useRealTimers();
});

describe('a resume that is refused', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const refuse = (retry_after?: number) =>
        catchUp.refused({
            type: 'error',
            id: sent.at(-1)!.id,
            code: 'unavailable',
            message: 'the store is away',
            ...(retry_after === undefined ? {} : { retry_after }),
        });

    it('is asked for again, when the daemon says so, until it is answered', async () => {
        void catchUp.resume();
        refuse(5);
        await vi.advanceTimersByTimeAsync(4_999);
        expect(sent).toHaveLength(1);
        await vi.advanceTimersByTimeAsync(1);
        expect(sent).toHaveLength(2);
        refuse();
        comes(4);
        await vi.advanceTimersByTimeAsync(1_000);
        // Not 4: watermarks that moved before it have not been told.
        expect(sent.map((each) => each.have)).toEqual([{ 7: 3 }, { 7: 3 }, { 7: 3 }]);
        apply((ledger) => catchUp.resumed(ledger));
        await vi.advanceTimersByTimeAsync(120_000);
        expect(sent).toHaveLength(3);
    });

    it('is asked for again at once when the person comes back', async () => {
        void catchUp.resume();
        refuse(60);
        catchUp.hurry();
        expect(sent).toHaveLength(2);
        catchUp.hurry();
        await vi.advanceTimersByTimeAsync(120_000);
        expect(sent).toHaveLength(2);
    });

    it('is left to the next connection when this one is lost', async () => {
        void catchUp.resume();
        refuse();
        catchUp.lost();
        await vi.advanceTimersByTimeAsync(120_000);
        expect(sent).toHaveLength(1);
        void catchUp.resume();
        catchUp.refused({ type: 'error', id: sent[0]!.id, code: 'conflict', message: 'late' });
        await vi.advanceTimersByTimeAsync(120_000);
        expect(sent).toHaveLength(2);
    });

    it('waits for a first list that cannot be read yet', async () => {
        useConversations.setState({ ready: false });
        unreadable = true;
        void catchUp.resume();
        await vi.advanceTimersByTimeAsync(1_999);
        expect(asked).toHaveLength(1);
        unreadable = false;
        await vi.advanceTimersByTimeAsync(1);
        expect(asked).toHaveLength(2);
        expect(sent).toHaveLength(1);
    });

    it('a list that comes after its connection was lost resumes nothing', async () => {
        useConversations.setState({ ready: false });
        void catchUp.resume();
        catchUp.lost();
        void catchUp.resume();
        await vi.advanceTimersByTimeAsync(1_000);
        expect(sent).toHaveLength(1);
    });
});

it('another name of somebody is found after a connection, and hours later', async () => {
    vi.useFakeTimers();
    try {
        apply((ledger) => catchUp.resumed(ledger));
        await vi.advanceTimersByTimeAsync(4_000);
        expect(room().peer?.display_name).toBe('Robert');
        apply((ledger) => catchUp.resumed(ledger));
        await vi.advanceTimersByTimeAsync(290_000);
        expect(asked).toHaveLength(1);

        apply((ledger) => ledger.know(conversation(3)));
        await vi.advanceTimersByTimeAsync(10_000);
        catchUp.refresh();
        await vi.advanceTimersByTimeAsync(4_000);
        expect(room().peer?.display_name).toBe('Robert');
        expect(asked).toHaveLength(2);
    } finally {
        vi.useRealTimers();
    }
});

it('who has left asks for nothing any more', async () => {
    vi.useFakeTimers();
    try {
        catchUp.refresh();
        catchUp.forget();
        await vi.advanceTimersByTimeAsync(10_000);
        expect(asked).toEqual([]);
    } finally {
        vi.useRealTimers();
    }
});

it('a resume names the latest conversations when all are too many for a frame', () => {
    const rooms = Array.from({ length: 100 }, (_, place) => ({
        ...conversation(place + 1, { id: 1000 + place }),
        seenRev: place + 1,
    })) as Room[];
    expect(Object.keys(haveOf(rooms))).toHaveLength(100);
    const have = haveOf(rooms, 110);
    expect(JSON.stringify(have).length).toBeLessThanOrEqual(112);
    expect(have).toMatchObject({ 1099: 100, 1098: 99 });
    expect(Object.keys(have)).toHaveLength(10);
});
