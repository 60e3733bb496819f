import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon, type Account } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';
import { seed, type House } from './harness/house';

// Everybody can use every screen: no violation that axe can find, in each theme, language and size,
// nor when something is the matter; no words that cannot be read; and the whole way by keyboard.

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const longest = 300;

let daemon: Daemon;
let house: House;
beforeAll(async () => {
    daemon = await Daemon.start({ 'conversations.max_length': String(longest) });
    house = await seed(daemon);
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

async function violations(person: Person, screen: string): Promise<string[]> {
    await person.page.evaluate(axe);
    return person.page.evaluate(async (name) => {
        interface Found {
            violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
        }
        const run = (window as unknown as { axe: { run: (o: object) => Promise<Found> } }).axe.run;
        const found = await run({
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        return found.violations.flatMap((each) =>
            each.nodes.map(
                (node) => `${name}: ${each.id} ${node.target.join(' ')} ${node.failureSummary}`,
            ),
        );
    }, screen);
}

/**
 * Words that cannot be read: beyond the window's sides, or beyond the edge of something that neither
 * scrolls nor ends them with dots.
 */
async function cutOff(person: Person): Promise<string[]> {
    return person.page.evaluate(() => {
        const isDotted = (style: CSSStyleDeclaration) =>
            style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
        const isCut = (words: Node): boolean => {
            const range = document.createRange();
            range.selectNodeContents(words);
            const box = range.getBoundingClientRect();
            if (box.width === 0) return false;
            for (let at = words.parentElement; at; at = at.parentElement) {
                const style = getComputedStyle(at);
                if (style.visibility === 'hidden' || at.matches('.sr-only')) return false;
                const edge = at.getBoundingClientRect();
                const isBeside = box.left < edge.left - 1 || box.right > edge.right + 1;
                const isBelow = box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
                if (style.overflowX !== 'visible' && isBeside) return !isDotted(style);
                if (style.overflowY !== 'visible' && isBelow) {
                    return style.overflowY !== 'auto' && !isDotted(style);
                }
            }
            return box.left < 0 || box.right > innerWidth;
        };
        const found: string[] = [];
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const words = walker.currentNode;
            if (words.textContent!.trim() && isCut(words)) found.push(words.textContent!);
        }
        return found;
    });
}

/** What sticks out of the window sideways. */
async function isWide(person: Person): Promise<boolean> {
    return person.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
}

const sizes = [
    ['1280 px', {}],
    ['360 px', { phone: true }],
] as const;

describe.each(sizes)('at %s', (_size, size) => {
    it.each([
        ['light', 'en'],
        ['dark', 'fr'],
    ] as const)('no screen has a violation, %s, %s', async (scheme, language) => {
        const person = await Person.arrive(daemon, 'alice', { ...size, scheme, language });
        const { page, t } = person;
        const found: string[] = [];
        const check = async (screen: string) => {
            // Contrast is measured when nothing is half transparent any more.
            await page.waitForFunction(() =>
                document
                    .getAnimations()
                    .every(
                        (a) =>
                            a.playState !== 'running' ||
                            a.effect?.getComputedTiming().iterations === Infinity,
                    ),
            );
            found.push(...(await violations(person, screen)));
            if (await isWide(person)) found.push(`${screen}: scrolls sideways`);
        };
        await page.goto('/register');
        await page.getByLabel(t.password, { exact: true }).fill('some password');
        await check('register');
        await page.goto('/login');
        await check('login');
        await person.logIn();
        await check('home');
        await page.getByRole('link', { name: t.people }).click();
        await page.getByRole('list', { name: t.people }).getByRole('link').first().waitFor();
        await check('people');
        await page.keyboard.press('Control+k');
        await page.getByRole('option').first().waitFor();
        await check('search');
        await page.keyboard.press('Escape');
        await page.goto(`/c/${house.conversation}`);
        await page.locator('[data-timeline] article').last().waitFor();
        await check('conversation');
        await page.locator('[data-own=true]').last().focus();
        await page.keyboard.press('Enter');
        await page.getByRole('menu').waitFor();
        await check('menu');
        await page.getByRole('menuitem', { name: t.delete }).click();
        await page.getByRole('dialog').waitFor();
        await check('question');
        await page.keyboard.press('Escape');
        await person.say('x'.repeat(longest + 1));
        const failed = page.locator('[data-timeline]').getByRole('alert');
        await failed.waitFor();
        await check('failed');
        await failed.getByRole('button', { name: t.discard }).click();
        person.line.cut();
        await page.getByText(t.reconnecting).waitFor();
        await check('banner');
        person.line.mend();
        await page.getByText(t.connected).waitFor();
        await check('toast');
        await page.getByRole('button', { name: t.formatting }).click();
        await person.composer.fill('**so** `code`');
        await page.getByRole('button', { name: t.preview }).click();
        await check('composer');
        await page.getByRole('button', { name: t.emoji }).click();
        await page.getByRole('dialog').getByRole('gridcell').first().waitFor();
        await check('emoji');
        await page.keyboard.press('Escape');
        await person.composer.fill('');
        await page.goto('/settings');
        await page.getByText(t.thisSession).waitFor();
        await check('settings');
        await page.goto('/nonsense');
        await page.getByText(t.nowhere).waitFor();
        await check('notice');
        expect(found).toEqual([]);
        expect(person.complaints).toEqual([]);
        await person.leave();
    });
});

it('what is said is heard: once when it comes, and where the focus is', async () => {
    const eve = await daemon.register('eve', { display_name: 'Eve' });
    const frank = await daemon.register('frank', { display_name: 'Frank' });
    const conversation = await daemon.conversation(eve, frank);
    await daemon.say(frank, conversation, 'Hello', 'hello');
    const person = await Person.arrive(daemon, 'eve');
    const { page, t } = person;
    await person.logIn();
    await page.goto(`/c/${conversation}`);
    await person.sees('Hello');
    await page.evaluate(() => {
        const heard: string[] = [];
        const voice = document.querySelector('[data-announcer]')!;
        const listen = () => voice.textContent && heard.push(voice.textContent);
        new MutationObserver(listen).observe(voice, { childList: true, characterData: true, subtree: true });
        Object.assign(window, { heard });
    });
    const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    const sentence = t.announce('Frank', 'ok');
    for (const expected of [[sentence], [sentence, sentence]]) {
        await daemon.say(frank, conversation, 'ok', `ok-${expected.length}`);
        await expect.poll(heard, { timeout: 20_000 }).toEqual(expected);
    }
    await page.keyboard.press('PageUp');
    await page.locator('article:focus').waitFor();
    const described = await page.evaluate(() => {
        const id = document.activeElement?.getAttribute('aria-describedby');
        return document.getElementById(id!)?.textContent;
    });
    expect(described).toMatch(/^ok/);
    await person.leave();
});

it('at 320 px and with letters of twice the size no words are cut off', async () => {
    const person = await Person.arrive(daemon, 'alice');
    const { page } = person;
    await page.setViewportSize({ width: 320, height: 640 });
    await person.logIn();
    for (const letters of ['100%', '200%']) {
        for (const path of ['/', '/people', `/c/${house.conversation}`, '/settings']) {
            await page.goto(path);
            await page.locator('h1, h2').first().waitFor();
            await page.evaluate(
                (size) => (document.documentElement.style.fontSize = size),
                letters,
            );
            await page.evaluate(() => new Promise(requestAnimationFrame));
            expect(await isWide(person), `${path} at ${letters}`).toBe(false);
            expect(await cutOff(person), `${path} at ${letters}`).toEqual([]);
        }
    }
    await person.leave();
});

it('the whole way goes by keyboard', async () => {
    const bob: Account = await daemon.register('keyboard.friend', { display_name: 'Zoé Friend' });
    const person = await Person.arrive(daemon, 'keyboard');
    const { page, t } = person;
    const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.goto('/register');
    await page.getByLabel(t.username, { exact: true }).waitFor();
    await press('Tab');
    await page.keyboard.type('keyboard');
    await press('Tab', 'Tab');
    await page.keyboard.type('correct horse battery');
    await press('Enter');
    await person.isHome();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe(t.skip);
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toBe(t.keySearch);
    await press('Tab', 'Tab', 'Enter');
    await page.getByLabel(t.searchPeople).waitFor();
    await press('Tab', 'Tab');
    await page.keyboard.type('zoe');
    await page.getByRole('list', { name: t.people }).getByRole('link').first().waitFor();
    await expect
        .poll(() => page.getByRole('list', { name: t.people }).getByRole('link').count())
        .toBe(1);
    await press('Tab');
    expect(await focused()).toContain('Zoé Friend');
    await press('Enter');
    await person.composer.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    await page.keyboard.type('first');
    await press('Enter');
    await page.keyboard.type('second');
    await press('Shift+Enter');
    await page.keyboard.type('line');
    await press('Enter');
    await person.seesTick('first', 'sent');
    await press('PageUp');
    await expect.poll(focused).toContain('second');
    await press('ArrowUp');
    await expect.poll(focused).toContain('first');
    await press('Enter');
    await page.getByRole('menu').waitFor();
    await press('ArrowDown', 'ArrowDown', 'Enter');
    await expect.poll(() => person.composer.inputValue()).toBe('first');
    await page.keyboard.type(', edited');
    await press('Enter');
    await person.sees('first, edited');
    await press('PageUp');
    await expect.poll(focused).toContain('first');
    await press('End');
    await expect.poll(focused).toContain('second');
    await press('Home');
    await expect.poll(focused).toContain('first');
    await press('Enter');
    await page.getByRole('menu').waitFor();
    await press('End', 'Enter');
    await page.getByRole('dialog').waitFor();
    await press('Tab', 'Enter');
    await page.locator('[data-timeline]').getByText(t.messageDeleted).waitFor();
    expect(bob.id).toBeGreaterThan(0);
    await person.leave();
});
