import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StoreApi } from 'zustand';
import { Access } from '../../src/protocol/access';
import { Problem } from '../../src/protocol/http';
import { uuid7 } from '../../src/protocol/ids';
import type { OwnUser, ServerFrame } from '../../src/protocol/types';
import { Engine } from '../../src/store/engine';
import { useConversations, useNetwork, usePeople, useSession } from '../../src/store/state';
import { Disk } from './disk';
import { memoryStorage } from './make';
import { bob, me, Refusal, World } from './world';

// The whole client without its screens, and a daemon that answers late, in any order, with
// refusals, over lines that are cut, in a page that is reloaded, while two people and another device
// write, edit, delete and read. Whatever happened: when all is quiet, what is shown is what the
// daemon has, and it has what was sent here, once. Each story is told again by its number.

vi.mock('idb', () => ({ openDB: () => later(1).then(() => disk.open()), deleteDB: () => {} }));

const stories = Number(process.env['STORIES'] ?? 1000);
const only = Number(process.env['STORY'] ?? 0);
const steps = 60;

function dice(seed: number): () => number {
    let state = seed * 0x9e3779b9;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let random: () => number;
let faults: boolean;
let world: World;
let lines: Line[];
let disk: Disk;
let engine: Engine;
/** The ids of what was sent here. */
let sent: string[];
const upTo = (most: number) => Math.floor(random() * most);
const chance = (part: number) => random() < part;

/** A WebSocket whose frames take their time, each way in order. */
class Line {
    readyState = 0;
    onmessage: ((event: { data: string }) => void) | null = null;
    onclose: ((event: { code: number }) => void) | null = null;
    private down: Promise<unknown> = Promise.resolve();
    private up: Promise<unknown> = Promise.resolve();

    constructor() {
        lines.push(this);
        void later(upTo(200)).then(() => {
            if (this.readyState !== 0) return;
            this.readyState = 1;
            const user = { id: me } as OwnUser;
            this.say({ type: 'welcome', user, session: 1, heartbeat: 25, protocol: 'salon.v1' });
        });
    }

    say(frame: ServerFrame | Record<string, unknown>): void {
        const data = JSON.stringify(frame);
        this.down = this.down.then(async () => {
            await later(upTo(60));
            if (this.readyState === 1) this.onmessage?.({ data });
        });
    }

    send(text: string): void {
        const frame = JSON.parse(text) as Record<string, unknown>;
        this.up = this.up.then(async () => {
            await later(upTo(60));
            // What was on its way when the line was cut may have come through.
            if (this.readyState === 1 || chance(0.5)) await this.take(frame);
        });
    }

    cut(): void {
        if (this.readyState > 1) return;
        this.readyState = 3;
        this.onclose?.({ code: 1006 });
    }

    close(): void {
        this.readyState = 3;
    }

    private async take(frame: Record<string, unknown>): Promise<void> {
        const id = frame['id'] as string | undefined;
        try {
            this.refuseAtTimes();
            if (frame['type'] === 'resume') {
                for (const each of world.resume(frame['have'] as Record<string, number>)) {
                    // Live frames may come between what was read and what is told.
                    await later(upTo(40));
                    this.say(each);
                }
                this.say({ type: 'resumed', id });
            } else if (frame['type'] === 'ping') {
                this.say({ type: 'pong' });
            } else if (typeof frame['seq'] === 'number') {
                const talk = world.talk(frame['conversation'] as number);
                world.mark(me, talk, frame['type'] as 'read', frame['seq']);
            } else if (id !== undefined) {
                this.say(this.write(frame, id));
            }
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            this.say({ type: 'error', id, code: error.code, message: '', retry_after: 1 });
        }
    }

    private write(frame: Record<string, unknown>, id: string): Record<string, unknown> {
        if (frame['type'] === 'message') {
            const talk = world.talk(frame['conversation'] as number);
            return world.send(me, talk, frame['content'] as string, id, this);
        }
        for (const talk of world.talks.values()) {
            const found = talk.messages.find((each) => each.id === frame['message']);
            if (!found) continue;
            const content = frame['type'] === 'edit' ? (frame['content'] as string) : null;
            return world.revise(talk, found.seq, content, id, this);
        }
        throw new Refusal(404, 'not_found');
    }

    private refuseAtTimes(): void {
        if (faults && chance(0.1)) throw new Refusal(503, 'unavailable');
    }
}

/** An answer over HTTP: asked, looked up and told at times of its own. */
async function answer(address: string): Promise<Response> {
    await later(upTo(300));
    if (faults && chance(0.1)) throw new TypeError('no network');
    const reply = (status: number, body: unknown) => {
        const json = () => Promise.resolve(structuredClone(body));
        return { ok: status < 300, status, statusText: '', headers: new Headers(), json };
    };
    const told = () => {
        try {
            if (address.endsWith('/auth/refresh')) {
                return reply(200, { user: { id: me }, access_token: 'token', expires_in: 1e6 });
            }
            if (faults && chance(0.1)) throw new Refusal(503, 'unavailable');
            return reply(200, structuredClone(world.answer(address.replace('/api/v1', ''))));
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            return reply(error.status, { code: error.code, retry_after: 1 });
        }
    };
    const response = told();
    await later(upTo(300));
    return response as unknown as Response;
}

class Channel {
    onmessage = null;
    postMessage(): void {}
}

beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockImplementation(() => random());
    vi.stubGlobal('location', { protocol: 'http:', host: 'salon.test', reload: () => {} });
    vi.stubGlobal('document', { hidden: false, hasFocus: () => true, addEventListener: () => {} });
    vi.stubGlobal('addEventListener', () => {});
    vi.stubGlobal('navigator', {});
    vi.stubGlobal('localStorage', memoryStorage());
    vi.stubGlobal('BroadcastChannel', Channel);
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
    vi.stubGlobal('cancelAnimationFrame', clearTimeout);
    vi.stubGlobal('WebSocket', Line);
    vi.stubGlobal('fetch', answer);
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal);
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
});

/** A page is opened, by somebody who was let in before. */
function begin(): void {
    engine = new Engine(new Access());
    void engine.start(me);
}

/** It ends, without a word or orderly. */
async function reload(): Promise<void> {
    if (chance(0.5)) {
        Reflect.get(engine, 'copies').write();
        await vi.advanceTimersByTimeAsync(100);
    }
    Reflect.get(engine, 'socket').stop();
    disk.leave();
    endTimers();
    await vi.advanceTimersByTimeAsync(0);
    reset(useConversations);
    reset(useNetwork);
    reset(usePeople);
    reset(useSession);
    begin();
}

/** The clock goes on. */
function endTimers(): void {
    const now = Date.now();
    vi.clearAllTimers();
    vi.setSystemTime(now);
}

function reset<T>(store: StoreApi<T>): void {
    store.setState(store.getInitialState(), true);
}

function send(talk: number, words: string): void {
    sent.push(uuid7());
    engine.send(talk, words, null, sent.at(-1)!);
}

function step(): unknown {
    const { byId, timelines } = useConversations.getState();
    const talk = world.talk(7 + upTo(2));
    const { messages } = talk;
    const window = timelines.get(talk.id)?.messages ?? [];
    const own = window.filter((each) => each.from === me && !each.deleted);
    const any = own[upTo(own.length)];
    const words = `said ${upTo(1e6)}`;
    const acts: (() => unknown)[] = [
        () => world.send(bob, talk, words, uuid7()),
        () => world.send(bob, talk, words, uuid7()),
        () => messages.length > 0 && world.revise(talk, 1 + upTo(messages.length), null, ''),
        () => {
            const live = messages.filter((each) => !each.deleted);
            if (live.length > 0) world.revise(talk, live[upTo(live.length)]!.seq, words, '');
        },
        // By another device of one's own.
        () => world.send(me, talk, words, uuid7()),
        () => world.mark(me, talk, 'read', upTo(messages.length + 1)),
        () => byId.has(talk.id) && send(talk.id, words),
        () => byId.has(talk.id) && send(talk.id, words),
        () => any && engine.revise(any, words, uuid7()),
        () => any && engine.revise(any, null, uuid7()),
        () => window.length > 0 && engine.receipts.read(talk.id, window[upTo(window.length)]!.seq),
        () => void open(talk.id),
        () => void open(talk.id),
        () => void engine.pages.older(talk.id),
        () => void engine.pages.newer(talk.id),
        () => byId.has(talk.id) && void around(talk.id, 1000 + upTo(30)),
        () => chance(0.5) && lines.at(-1)?.cut(),
        () => chance(0.3) && reload(),
    ];
    return acts[upTo(acts.length)]!();
}

async function around(talk: number, message: number): Promise<void> {
    await engine.pages.around(talk, message).catch(() => {});
}

/** As a screen does. */
async function open(talk: number): Promise<void> {
    try {
        await engine.ensure(talk);
        await engine.pages.open(talk);
    } catch (error) {
        expect(error).toBeInstanceOf(Problem);
    }
}

async function lookAtTheEnd(talk: number): Promise<void> {
    await open(talk);
    while (useConversations.getState().timelines.get(talk)!.newer) await engine.pages.newer(talk);
}

async function tell(story: number): Promise<void> {
    random = dice(story);
    vi.setSystemTime(Date.UTC(2026, 10, 20, 21));
    faults = true;
    lines = [];
    world = new World(random, (frame, but) => {
        for (const line of lines) if (line !== but && line.readyState === 1) line.say(frame);
    });
    sent = [];
    disk = new Disk(() => later(upTo(10)));
    localStorage.setItem('salon.session', String(me));
    begin();
    for (let i = 0; i < steps; ++i) {
        await step();
        await vi.advanceTimersByTimeAsync(chance(0.5) ? upTo(40) : upTo(1500));
    }
    faults = false;
    await vi.advanceTimersByTimeAsync(60_000);
    for (const id of world.talks.keys()) void lookAtTheEnd(id);
    await vi.advanceTimersByTimeAsync(120_000);

    const state = useConversations.getState();
    expect(useNetwork.getState().live).toBe(true);
    expect(state.outbox.filter((each) => each.state === 'waiting')).toEqual([]);
    expect(sent.filter((id) => !world.has(id))).toEqual([]);
    for (const talk of world.talks.values()) {
        const { seenRev, ...room } = state.byId.get(talk.id)!;
        const { peer: _, receipts, ...truth } = world.conversation(talk);
        expect(room).toMatchObject(truth);
        expect(seenRev).toBe(talk.rev);
        expect(new Set(room.receipts)).toEqual(new Set(receipts));
        const window = state.timelines.get(talk.id)!;
        const first = window.messages[0]?.seq ?? 1;
        expect(window).toMatchObject({ older: first > 1, newer: false });
        expect(window.messages).toEqual(talk.messages.slice(first - 1));
    }
    engine.access.end('asked');
    await vi.advanceTimersByTimeAsync(1000);
    expect(useConversations.getState()).toEqual(useConversations.getInitialState());
}

it('when all is quiet, what is shown is what the daemon has', async () => {
    for (let story = only || 1; story <= (only || stories); ++story) {
        await tell(story).catch((error: unknown) => {
            throw new Error(`story ${story}`, { cause: error });
        });
        endTimers();
    }
}, 120_000);
