import type { CDPSession, Page } from 'playwright-core';
import { Person } from '../e2e/harness/person';
import { note, quantile } from './figures';
import type { House } from './house';

// How long people wait: for the last message after a reload, for their own bubble after Enter, and
// for a letter after a key while messages come in.

const frames = (page: Page) =>
    page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );

export async function reload(house: House): Promise<void> {
    const person = await Person.arrive(house.daemon, 'alice');
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
    await page.goto(`/c/${house.conversations[0]}`);
    await page.waitForFunction(() => 'shownAt' in window);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    // The browser has its copies of everything when somebody comes back.
    await page.waitForTimeout(1000);
    for (const [name, rate, goal] of [
        ['', 1, 500],
        [', a quarter of the processor', 4, 1000],
    ] as const) {
        await cdp.send('Emulation.setCPUThrottlingRate', { rate });
        const times: number[] = [];
        for (let round = 0; round < 9; ++round) {
            await page.reload();
            await page.waitForFunction(() => 'shownAt' in window);
            times.push(
                await page.evaluate(() => (window as unknown as { shownAt: number }).shownAt),
            );
            await page.waitForTimeout(300);
        }
        note(`reload to the last message${name}, median`, quantile(times, 0.5), 'ms', goal);
    }
    await person.leave();
}

async function bubbles(person: Person): Promise<number[]> {
    const { page } = person;
    const times: number[] = [];
    for (let round = 0; round < 30; ++round) {
        const words = `bubble ${round}`;
        await person.composer.fill(words);
        await frames(page);
        const shown = page.evaluate((text) => {
            return new Promise<number>((resolve) => {
                let start = 0;
                const onKey = (event: KeyboardEvent) => (start = event.timeStamp);
                addEventListener('keydown', onKey, { once: true, capture: true });
                const look = () => {
                    const last = [...document.querySelectorAll('[data-timeline] .prose')].at(-1);
                    if (start > 0 && last?.textContent === text) resolve(performance.now() - start);
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            });
        }, words);
        await person.composer.press('Enter');
        times.push(await shown);
    }
    return times;
}

const phrase = 'the quick brown fox jumps over the lazy dog '.repeat(4);

/**
 * Milliseconds from each key to the end of the drawing that follows it. The browser's own event
 * timing is of no use here: without a graphics card it tells of a field's letters seconds late, when
 * they have long been on the screen (its screencast has a frame a key).
 */
async function keys(person: Person): Promise<number[]> {
    const { page } = person;
    await page.evaluate(() => {
        const found: number[] = [];
        (window as unknown as { keys: number[] }).keys = found;
        const onKey = ({ timeStamp }: KeyboardEvent) =>
            requestAnimationFrame(() => {
                const drawn = new MessageChannel();
                drawn.port1.onmessage = () => found.push(performance.now() - timeStamp);
                drawn.port2.postMessage(null);
            });
        (window as unknown as { onKey: typeof onKey }).onKey = onKey;
        addEventListener('keydown', onKey, { capture: true });
    });
    await person.composer.pressSequentially(phrase, { delay: 40 });
    await frames(page);
    return page.evaluate(() => {
        const { keys, onKey } = window as unknown as {
            keys: number[];
            onKey: (event: KeyboardEvent) => void;
        };
        removeEventListener('keydown', onKey, { capture: true });
        return keys;
    });
}

async function flood(house: House, isOver: () => boolean): Promise<number> {
    const start = Date.now();
    let said = 0;
    while (!isOver()) {
        said += 1;
        await house.daemon.say(
            house.bob,
            house.conversations[0]!,
            `flood ${said}`,
            `flood-${said}`,
        );
        const ahead = said * 10 - (Date.now() - start);
        if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
    return (said / (Date.now() - start)) * 1000;
}

/** Where the time of a page went, by function, when somebody asks with PROFILE=1. */
async function profiled(cdp: CDPSession, what: () => Promise<void>): Promise<void> {
    if (!process.env['PROFILE']) return what();
    await cdp.send('Profiler.enable');
    await cdp.send('Profiler.start');
    await what();
    const { profile } = await cdp.send('Profiler.stop');
    const own = new Map<string, number>();
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    for (const [place, id] of (profile.samples ?? []).entries()) {
        const { functionName, url, lineNumber, columnNumber } = byId.get(id)!.callFrame;
        const name = `${functionName || '?'} ${url.split('/').pop()}:${lineNumber}:${columnNumber}`;
        own.set(name, (own.get(name) ?? 0) + (profile.timeDeltas?.[place] ?? 0) / 1000);
    }
    const top = [...own].sort((a, b) => b[1] - a[1]).slice(0, 40);
    process.stdout.write(`${top.map(([name, ms]) => `${ms.toFixed(0)} ms  ${name}`).join('\n')}\n`);
}

export async function typing(house: House): Promise<void> {
    const person = await Person.arrive(house.daemon, 'alice');
    await person.logIn();
    await person.page.goto(`/c/${house.conversations[0]}`);
    await person.page.locator('[data-timeline] article').first().waitFor();
    await person.page.waitForTimeout(1000);
    note('Enter to own bubble, median', quantile(await bubbles(person), 0.5), 'ms', 50);
    const cdp = await person.context.newCDPSession(person.page);
    const calm = await keys(person);
    await person.composer.fill('');
    let isOver = false;
    const talk = flood(house, () => isOver);
    let found: number[] = [];
    await profiled(cdp, async () => {
        found = await keys(person);
    });
    isOver = true;
    const rate = await talk;
    note('key to paint with nobody else, p95', quantile(calm, 0.95), 'ms', 50);
    note(
        `key to paint at ${rate.toFixed(0)} messages a second, p95`,
        quantile(found, 0.95),
        'ms',
        50,
    );
    await person.leave();
}
