import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Cache, type OutboxEntry } from '../../src/protocol/cache';
import { uuid7 } from '../../src/protocol/ids';
import { Journal } from '../../src/protocol/journal';
import { Outbox } from '../../src/protocol/outbox';
import type { ClientFrame } from '../../src/protocol/types';
import { memoryStorage } from './make';

type Sent = ClientFrame & { id: string; content: string };

let sent: Sent[];
let acked: string[];
let shown: OutboxEntry[];
let isLineOpen: boolean;
let outbox: Outbox;

function make(tab = 'this tab'): Outbox {
    return new Outbox({
        tab,
        send: (frame) => {
            if (isLineOpen) sent.push(frame as Sent);
            return isLineOpen;
        },
        onChange: (entries) => (shown = entries),
        onAck: (entry) => acked.push(entry.content),
    });
}

beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('localStorage', memoryStorage());
    [sent, acked, shown, isLineOpen] = [[], [], [], true];
    outbox = make();
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
});

const draft = (content: string, conversation = 7) => ({
    id: uuid7(),
    kind: 'send' as const,
    conversation,
    message: null,
    content,
    replyTo: null,
    at: Date.now(),
});
function write(content: string, conversation = 7): string {
    const entry = draft(content, conversation);
    outbox.add(entry);
    return entry.id;
}
const ack = (frame = sent.at(-1)!) =>
    outbox.handle({ type: 'ack', id: frame.id, conversation: 7, message: 1, seq: 1, rev: 1 });
const refuse = (code: string, retry_after?: number) =>
    outbox.handle({
        type: 'error',
        id: sent.at(-1)!.id,
        code,
        message: 'no',
        ...(retry_after === undefined ? {} : { retry_after }),
    });
const texts = () => sent.map((frame) => frame.content);

describe('the outbox', () => {
    it('shows at once, sends when it can, and forgets what is confirmed', () => {
        write('salut');
        expect(shown.map((each) => each.content)).toEqual(['salut']);
        expect(sent).toEqual([]);
        outbox.open();
        expect(texts()).toEqual(['salut']);
        ack();
        expect(shown).toEqual([]);
        expect(acked).toEqual(['salut']);
    });

    it('has one message of a conversation on its way, so that order is kept', () => {
        outbox.open();
        write('one');
        write('two');
        write('elsewhere', 8);
        expect(texts()).toEqual(['one', 'elsewhere']);
        ack(sent[0]);
        expect(texts()).toEqual(['one', 'elsewhere', 'two']);
    });

    it('sends again, under the same id, what a lost connection left open', () => {
        outbox.open();
        const id = write('one');
        write('two');
        outbox.lose();
        outbox.open();
        expect(sent.map((frame) => frame.id)).toEqual([id, id]);
        ack();
        expect(texts()).toEqual(['one', 'one', 'two']);
    });

    it('waits as long as it is told, and nothing overtakes', () => {
        outbox.open();
        write('one');
        refuse('rate_limited', 5);
        write('two');
        vi.advanceTimersByTime(4999);
        expect(texts()).toEqual(['one']);
        vi.advanceTimersByTime(30_000);
        expect(texts()).toEqual(['one', 'one']);
        ack();
        expect(texts()).toEqual(['one', 'one', 'two']);
    });

    it('gives up a refused edit when a later one of its message is stored', () => {
        const edit = (content: string) =>
            outbox.add({ ...draft(content), kind: 'edit', message: 1, id: uuid7() });
        outbox.open();
        edit('too long');
        edit('short');
        refuse('too_large');
        ack();
        expect(shown).toEqual([]);
        expect(acked).toEqual(['short']);
    });

    it('keeps what was refused, says why, and goes on with the next', () => {
        outbox.open();
        const id = write('bad word');
        write('good word');
        refuse('rejected');
        expect(shown[0]).toMatchObject({ id, state: 'failed', code: 'rejected', detail: 'no' });
        expect(texts()).toEqual(['bad word', 'good word']);
        ack();
        outbox.retry(id);
        expect(texts()).toEqual(['bad word', 'good word', 'bad word']);
        expect(shown[0]).toMatchObject({ id, state: 'waiting', code: null });
    });

    it('sends nothing that would end the connection, and goes on with the next', () => {
        outbox.open();
        const id = write('x'.repeat(70_000));
        write('é'.repeat(35_000), 8);
        write('good word');
        expect(shown[0]).toMatchObject({ id, state: 'failed', code: 'too_large' });
        expect(shown[1]).toMatchObject({ conversation: 8, state: 'failed', code: 'too_large' });
        expect(texts()).toEqual(['good word']);
        ack();
        write('x'.repeat(59_000));
        expect(sent).toHaveLength(2);
    });

    it('gives back what is discarded', () => {
        outbox.open();
        const id = write('bad word');
        refuse('rejected');
        expect(outbox.discard(id)?.content).toBe('bad word');
        expect(shown).toEqual([]);
    });

    it('does not take answers that are not its own', () => {
        expect(outbox.handle({ type: 'ack', id: 'x' })).toBe(false);
        expect(outbox.handle({ type: 'error', code: 'internal', message: '' })).toBe(false);
    });

    it('edits and deletes the same way', () => {
        outbox.open();
        const rest = { conversation: 7, replyTo: null, at: 0, message: 9 };
        outbox.add({ ...rest, id: 'a', kind: 'edit', content: 'better' });
        expect(sent).toEqual([{ type: 'edit', message: 9, content: 'better', id: 'a' }]);
        ack();
        outbox.add({ ...rest, id: 'b', kind: 'delete', content: '' });
        expect(sent.at(-1)).toEqual({ type: 'delete', message: 9, id: 'b' });
    });

    it('says what it replies to', () => {
        outbox.open();
        const rest = { conversation: 7, message: null, at: 0 };
        outbox.add({ ...rest, id: 'a', kind: 'send', content: 'yes', replyTo: 3 });
        expect(sent[0]).toMatchObject({ type: 'message', conversation: 7, reply_to: 3 });
    });

    it('says when the browser keeps nothing', async () => {
        const onUnsafe = vi.fn();
        const unsafe = new Outbox({
            tab: 't',
            send: () => false,
            onChange: () => {},
            onAck: () => {},
            onUnsafe,
        });
        unsafe.keepIn({
            post: () => Promise.reject(new Error('full')),
            withdraw: () => Promise.resolve(),
        });
        const rest = { conversation: 7, message: null, at: 0, replyTo: null };
        unsafe.add({ ...rest, id: 'a', kind: 'send', content: 'x' });
        await vi.waitFor(() => expect(onUnsafe).toHaveBeenCalled());
    });
});

describe('the outbox in IndexedDB', () => {
    it('survives the page: another one sends what was not confirmed, in order, once', async () => {
        vi.useRealTimers();
        const cache = await Cache.open(1);
        outbox.keepIn(cache);
        isLineOpen = false;
        outbox.open();
        for (let count = 0; count < 20; ++count) write(`text ${count}`);
        await vi.waitFor(async () => expect(await cache.outbox()).toHaveLength(20));

        const kept = await cache.outbox();
        outbox = make('next tab');
        outbox.keepIn(cache);
        isLineOpen = true;
        outbox.adopt(kept);
        outbox.adopt(kept);
        outbox.open();
        for (let count = 0; count < 20; ++count) ack();
        expect(texts()).toEqual(Array.from({ length: 20 }, (_, count) => `text ${count}`));
        expect(new Set(sent.map((frame) => frame.id)).size).toBe(20);
        await vi.waitFor(async () => expect(await cache.outbox()).toEqual([]));
        cache.close();
    });

    it('survives a page that is gone before the browser has written anything', async () => {
        vi.useRealTimers();
        const cache = await Cache.open(2);
        outbox.keepIn(cache);
        write('last words');
        // Nothing of this page runs any more, and the database has seen nothing.
        const left = new Journal(2).entries();
        expect(left.map((entry) => entry.content)).toEqual(['last words']);
        await vi.waitFor(() => expect(new Journal(2).entries()).toEqual([]));
        expect(await cache.outbox()).toEqual(left);
        new Journal(2).add(left[0]!);
        expect(await cache.outbox()).toHaveLength(1);
        expect(new Journal(3).entries()).toEqual([]);
        cache.close();
        await Cache.erase(2);
        expect(new Journal(2).entries()).toEqual([]);
    });

    it('belongs to one user', async () => {
        vi.useRealTimers();
        const alice = await Cache.open(11);
        const bob = await Cache.open(12);
        outbox.keepIn(alice);
        write('secret');
        await vi.waitFor(async () => expect(await alice.outbox()).toHaveLength(1));
        expect(await bob.outbox()).toEqual([]);
        await alice.forgetCopies();
        expect(await alice.outbox()).toHaveLength(1);
        alice.close();
        await Cache.erase(11);
        const again = await Cache.open(11);
        expect(await again.outbox()).toEqual([]);
        again.close();
        bob.close();
    });
});

describe('ids', () => {
    it('grow, differ, and are UUIDs of version 7', () => {
        const ids = Array.from({ length: 5000 }, uuid7);
        expect(new Set(ids).size).toBe(5000);
        expect([...ids].sort()).toEqual(ids);
        for (const id of ids) {
            expect(id).toMatch(
                /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
            );
        }
    });
});
