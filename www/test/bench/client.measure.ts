import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { Daemon, type Account } from '../e2e/harness/daemon';
import { closeBrowser, Person } from '../e2e/harness/person';

// What the client costs: bytes of the first load, reload to the last message, Enter to bubble, key
// to paint while messages come in, and memory. Writes build/bench-client.json.

const root = join(import.meta.dirname, '../../..');
const rooms = 50;
const each = 200;

let daemon: Daemon;
let alice: Account;
let friends: Account[];
let conversations: number[];
const figures: Record<string, string> = {};

const quantile = (values: number[], part: number) =>
    [...values].sort((a, b) => a - b)[
        Math.min(values.length - 1, Math.floor(values.length * part))
    ]!;

beforeAll(async () => {
    daemon = await Daemon.start({ 'http.max_connections_per_address': '0', 'auth.hashers': '2' });
    alice = await daemon.register('alice');
    friends = await Promise.all(
        Array.from({ length: rooms }, (_, place) => daemon.register(`friend${place}`)),
    );
    conversations = await Promise.all(friends.map((friend) => daemon.conversation(alice, friend)));
    await Promise.all(
        friends.map(async (friend, place) => {
            const conversation = conversations[place]!;
            for (let seq = 1; seq <= each; ++seq) {
                const words = `Message ${seq}, ${'with some words '.repeat(seq % 7)}`.trim();
                await daemon.say(seq % 3 ? friend : alice, conversation, words, `${place}-${seq}`);
            }
            const body = { read: each };
            await daemon.call('PUT', `/conversations/${conversation}/receipts`, body, alice.token);
        }),
    );
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
    writeFileSync(join(root, 'build/bench-client.json'), `${JSON.stringify(figures, null, 2)}\n`);
    process.stdout.write(
        `${Object.entries(figures)
            .map(([what, value]) => `${what.padEnd(56)} ${value}`)
            .join('\n')}\n`,
    );
});

/** Kilobytes, gzipped, of the scripts that a page loads before it is at rest. */
async function scriptsOf(person: Person, path: string, rest: string): Promise<string> {
    const seen = new Set<string>();
    person.page.on('response', (response) => {
        const { pathname } = new URL(response.url());
        if (/^\/assets\/.*\.js$/.test(pathname)) seen.add(pathname);
    });
    await person.page.goto(path);
    await person.page.locator(rest).first().waitFor();
    const bytes = [...seen].map((name) => statSync(join(root, 'www/dist', `${name}.gz`)).size);
    return `${(bytes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1)} kB`;
}

it('bytes', async () => {
    const stranger = await Person.arrive(daemon, 'stranger');
    await stranger.page.goto('about:blank');
    // Without the parts that are fetched while the person types.
    const html = readFileSync(join(root, 'www/dist/index.html'), 'utf8');
    const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((m) => m[1]!);
    const sum = first.reduce(
        (all, name) => all + statSync(join(root, 'www/dist', `${name}.gz`)).size,
        0,
    );
    figures['JavaScript of the login, gzipped'] = `${(sum / 1000).toFixed(1)} kB`;
    await stranger.leave();
    const person = await Person.arrive(daemon, 'alice');
    await person.logIn();
    const fresh = await person.context.newPage();
    await fresh.close();
    figures['JavaScript of a conversation, gzipped'] = await scriptsOf(
        person,
        `/c/${conversations[0]}`,
        '[data-timeline] article',
    );
    await person.leave();
});

it('times and memory', async () => {
    const person = await Person.arrive(daemon, 'alice');
    await person.logIn();
    const { page } = person;
    const cdp = await person.context.newCDPSession(page);
    await page.addInitScript(() => {
        const look = () => {
            if (document.querySelector('[data-timeline] article')) {
                (window as unknown as { shownAt: number }).shownAt = performance.now();
            } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    });
    await page.goto(`/c/${conversations[0]}`);
    await page.locator('[data-timeline] article').first().waitFor();
    await page.waitForTimeout(1500);
    for (const [name, rate] of [
        ['', 1],
        [', a quarter of the processor', 4],
    ] as const) {
        await cdp.send('Emulation.setCPUThrottlingRate', { rate });
        const times: number[] = [];
        for (let round = 0; round < 7; ++round) {
            await page.reload();
            await page.waitForFunction(() => 'shownAt' in window);
            times.push(
                await page.evaluate(() => (window as unknown as { shownAt: number }).shownAt),
            );
        }
        figures[`reload to the last message, median${name}`] =
            `${quantile(times, 0.5).toFixed(0)} ms`;
    }
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await page.waitForTimeout(1000);

    const bubbles: number[] = [];
    for (let round = 0; round < 20; ++round) {
        await person.composer.fill(`bubble ${round}`);
        const shown = page.evaluate((words) => {
            return new Promise<number>((resolve) => {
                let start = 0;
                addEventListener('keydown', (event) => (start = event.timeStamp), {
                    once: true,
                    capture: true,
                });
                const look = () => {
                    const last = [...document.querySelectorAll('[data-timeline] .prose')].at(-1);
                    if (start > 0 && last?.textContent === words)
                        resolve(performance.now() - start);
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            });
        }, `bubble ${round}`);
        await person.composer.press('Enter');
        bubbles.push(await shown);
    }
    figures['Enter to own bubble, median'] = `${quantile(bubbles, 0.5).toFixed(0)} ms`;

    await page.evaluate(() => {
        const keys: number[] = [];
        (window as unknown as { keys: number[] }).keys = keys;
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries())
                if (entry.name === 'keydown') keys.push(entry.duration);
        }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
    });
    let isTalking = true;
    let said = 0;
    const start = Date.now();
    const talk = (async () => {
        while (isTalking) {
            said += 1;
            await daemon.say(friends[0]!, conversations[0]!, `flood ${said}`, `flood-${said}`);
            const ahead = said * 10 - (Date.now() - start);
            if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
        }
    })();
    await person.composer.pressSequentially(
        'the quick brown fox jumps over the lazy dog '.repeat(3),
        { delay: 40 },
    );
    isTalking = false;
    await talk;
    const rate = (said / (Date.now() - start)) * 1000;
    const slow = await page.evaluate(() => (window as unknown as { keys: number[] }).keys);
    // Keys faster than the observer's least duration are not reported.
    const keys = [...slow, ...Array.from({ length: Math.max(0, 132 - slow.length) }, () => 16)];
    figures[`key to paint at ${rate.toFixed(0)} messages a second, p95`] =
        `${quantile(keys, 0.95).toFixed(0)} ms`;
    await person.composer.fill('');

    const heap = async () => {
        await cdp.send('HeapProfiler.collectGarbage');
        const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number };
        return usedSize / 1e6;
    };
    const visit = async (rounds: number) => {
        await page.evaluate(async (count) => {
            for (let round = 0; round < count; ++round) {
                const links = document.querySelectorAll<HTMLElement>('a[href^="/c/"]');
                links[round % links.length]?.click();
                await new Promise((resolve) => setTimeout(resolve, 60));
            }
        }, rounds);
    };
    await visit(60);
    const before = await heap();
    await visit(500);
    const after = await heap();
    figures['memory of scripts, 50 conversations'] = `${before.toFixed(1)} MB`;
    figures['its growth over 500 switches'] = `${(after - before).toFixed(1)} MB`;
    await person.leave();
});
