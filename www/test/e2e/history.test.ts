import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon, type Account } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// A long conversation: it opens where one was, and scrolls to its beginning without a jump.

interface Story {
    reader: Account;
    conversation: number;
    /** The message of `early`. */
    quoted: number;
}

let daemon: Daemon;
let bob: Account;
const stories = new Map<string, Story>();
const count = 1000;
const firstUnread = 401;
const early = 37;

/** Bob and the reader have talked for long, and the reader has not read the end. */
async function story(name: string): Promise<void> {
    const reader = await daemon.register(name);
    const conversation = await daemon.conversation(reader, bob);
    let quoted = 0;
    for (let seq = 1; seq <= count; ++seq) {
        const words = `Message ${seq}. ${'Some words that go on. '.repeat(seq % 9)}`.trim();
        const from = seq % 3 ? bob : reader;
        const id = await daemon.say(from, conversation, words, `${name}-${seq}`);
        if (seq === early) quoted = id;
    }
    const path = `/conversations/${conversation}/receipts`;
    await daemon.call('PUT', path, { read: count }, bob.token);
    await daemon.call('PUT', path, { read: firstUnread - 1 }, reader.token);
    stories.set(name, { reader, conversation, quoted });
}

beforeAll(async () => {
    daemon = await Daemon.start();
    bob = await daemon.register('bob', { display_name: 'Bob Marchand' });
    await Promise.all(['alice', 'anne'].map(story));
}, 120_000);
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

describe.each([
    ['desktop', {}, 'alice'],
    ['phone', { phone: true }, 'anne'],
] as const)('a long history, %s', (_size, wish, name) => {
    it('opens at the first unread message, with a line', async () => {
        const { reader, conversation } = stories.get(name)!;
        const person = await Person.arrive(daemon, name, wish);
        await person.logIn();
        await person.page.goto(`/c/${conversation}`);
        const line = person.page.getByText(person.t.newMessages);
        await line.waitFor();
        await expect.poll(() => isInside(line)).toBe(true);
        await message(person, firstUnread).waitFor();
        expect(await isInside(message(person, firstUnread))).toBe(true);
        await person.page.getByRole('button', { name: /^Go to/ }).click();
        await message(person, count).waitFor();
        await expect
            .poll(async () => {
                const path = `/conversations/${conversation}`;
                const info = await daemon.call<{ unread: number }>(
                    'GET',
                    path,
                    undefined,
                    reader.token,
                );
                return info.unread;
            })
            .toBe(0);
        expect(person.complaints).toEqual([]);
        await person.leave();
    });

    it('scrolls to its beginning without a jump', async () => {
        const { conversation } = stories.get(name)!;
        const person = await Person.arrive(daemon, 'bob', wish);
        await person.logIn();
        await person.page.goto(`/c/${conversation}`);
        await message(person, count).waitFor();
        // Who reads the end goes on reading it when the field grows.
        await person.composer.fill('a\nb\nc\nd\ne\nf\ng');
        await expect.poll(() => isInside(message(person, count))).toBe(true);
        await person.composer.fill('');
        const start = person.page.getByText(person.t.beginning(name));
        let worst = 0;
        for (let step = 0; step < 400 && !(await start.isVisible()); ++step) {
            worst = Math.max(worst, await drift(person));
        }
        await start.waitFor();
        await message(person, 1).waitFor();
        expect(worst).toBeLessThanOrEqual(1);
        await person.page.getByRole('button', { name: /^Go to/ }).click();
        await message(person, count).waitFor();
        expect(person.complaints).toEqual([]);
        await person.leave();
    });
});

it('a quoted message of long ago is shown in the quote, a click or a key away', async () => {
    const { conversation, quoted } = stories.get('alice')!;
    const path = `/conversations/${conversation}/messages`;
    const reply = { id: 'late', content: 'A late answer', reply_to: quoted };
    await daemon.call('POST', path, reply, bob.token);
    const person = await Person.arrive(daemon, 'alice');
    const { page } = person;
    await person.logIn();
    await page.goto(`/c/${conversation}`);
    const quote = person.bubble('A late answer').getByRole('button', { name: /Message 37\./ });
    await quote.click();
    await page.locator('[data-timeline] .ring-3', { hasText: /Message 37\./ }).waitFor();
    expect(await isInside(message(person, 37))).toBe(true);
    let worst = 0;
    for (let step = 0; step < 6; ++step) worst = Math.max(worst, await drift(person));
    expect(worst).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: /^Go to/ }).click();
    await person.sees('A late answer');
    await person.bubble('A late answer').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: person.t.toQuoted }).press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await expect.poll(focused).toMatch(/^Message 37\./);
    await expect.poll(() => isInside(message(person, early))).toBe(true);
    expect(person.complaints).toEqual([]);
    await person.leave();
});

it('who was away for hundreds of messages, an early one edited late, has them all', async () => {
    const carol = await daemon.register('carol');
    const conversation = await daemon.conversation(carol, bob);
    await daemon.say(bob, conversation, 'Before it', 'before');
    const person = await Person.arrive(daemon, 'carol');
    await person.logIn();
    await person.page.goto(`/c/${conversation}`);
    await person.sees('Before it');
    person.line.cut();
    let third = 0;
    const missed = 230; // more than the daemon tells in one page of changes
    for (let seq = 1; seq <= missed; ++seq) {
        const id = await daemon.say(bob, conversation, `Missed ${seq}`, `missed-${seq}`);
        if (seq === 3) third = id;
    }
    await daemon.call('PATCH', `/messages/${third}`, { content: 'Edited late' }, bob.token);
    person.line.mend();
    await person.sees(`Missed ${missed}`);
    const seqs = (await person.transcript()).map((words) => Number(/^Missed (\d+)$/.exec(words)?.[1]));
    const first = seqs[0]!;
    expect(seqs).toEqual(seqs.map((_, place) => first + place));
    await person.bubble(`Missed ${missed}`).focus();
    await person.page.keyboard.press('Home');
    await person.sees('Edited late');
    expect(person.complaints).toEqual([]);
    await person.leave();
});

/** Whether all of it is between the timeline's top and bottom. */
async function isInside(words: Locator): Promise<boolean> {
    return words.evaluate((element) => {
        const box = element.closest('[data-timeline]')!.getBoundingClientRect();
        const own = element.getBoundingClientRect();
        return own.top >= box.top && own.bottom <= box.bottom;
    });
}

function message(person: Person, seq: number): Locator {
    return person.page.locator('[data-timeline]').getByText(new RegExp(`^Message ${seq}\\.`));
}

/** Scrolls up a screen, and says by how many pixels what one reads moves while pages come in. */
async function drift(person: Person): Promise<number> {
    return person.page.evaluate(async () => {
        const box = document.querySelector('[data-timeline]')!;
        const frame = () => new Promise(requestAnimationFrame);
        box.scrollTop -= 700;
        await frame();
        await frame();
        const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
        const row = [...box.querySelectorAll('li[data-kind=said]')].find(
            (each) => each.getBoundingClientRect().bottom > middle,
        );
        if (!row) return 0;
        const before = row.getBoundingClientRect().top;
        for (let count = 0; count < 8; ++count) await frame();
        return row.isConnected ? Math.abs(row.getBoundingClientRect().top - before) : 0;
    });
}
