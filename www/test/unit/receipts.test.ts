import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/store/engine';
import { Ledger } from '../../src/store/ledger';
import { Receipts } from '../../src/store/receipts';
import { useConversations } from '../../src/store/state';
import { conversation } from './make';

// One's own watermark rises here, and then at the daemon.

let told: [number, number, string][];
let asked: number[];
let receipts: Receipts;

function apply(how: (ledger: Ledger) => void): void {
    const ledger = new Ledger(1);
    how(ledger);
    ledger.commit();
    asked.push(...ledger.strangers);
}
/** What the engine does with a frame about one's own watermark. */
const echoes = (read: number) =>
    apply((ledger) => {
        ledger.receipt(7, { user: 1, received: read, read });
        receipts.moved(7, read, ledger);
    });

beforeEach(() => {
    vi.useFakeTimers();
    [told, asked] = [[], []];
    useConversations.setState({ byId: new Map(), timelines: new Map() });
    receipts = new Receipts({
        me: 1,
        apply,
        tellRead: (...what: [number, number, string]) => told.push(what),
    } as unknown as Engine);
    const own = [{ user: 1, received: 100, read: 0 }];
    apply((ledger) => ledger.know(conversation(100, { unread: 100, receipts: own })));
});
afterEach(() => void vi.useRealTimers());

it('a count that only the daemon knows is asked for when it has been told, once', () => {
    receipts.read(7, 40);
    receipts.read(7, 50);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual([[7, 50, 'read']]);
    echoes(40);
    expect(asked).toEqual([]);
    echoes(50);
    echoes(50);
    expect(asked).toEqual([7]);
});

it('what is read to the end is counted here', () => {
    receipts.read(7, 100);
    vi.advanceTimersByTime(1_000);
    echoes(100);
    expect(useConversations.getState().byId.get(7)!.unread).toBe(0);
    expect(asked).toEqual([]);
});
