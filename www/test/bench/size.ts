import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Person } from '../e2e/harness/person';
import { note } from './figures';
import { people, type House } from './house';

// What the client weighs: bytes on the way to a screen, and bytes of memory after a long day.

const dist = join(import.meta.dirname, '../../dist');
const kilobytes = (names: Iterable<string>) =>
    [...names].reduce((sum, name) => sum + statSync(join(dist, `${name}.gz`)).size, 0) / 1000;

export async function bytes(house: House): Promise<void> {
    // Without the parts that are fetched while the person types.
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((m) => m[1]!);
    note('JavaScript of the login, gzipped', kilobytes(first), 'kB', 90);

    const person = await Person.arrive(house.daemon, 'alice');
    await person.logIn();
    const seen = new Set<string>();
    const elsewhere: string[] = [];
    person.page.on('response', (response) => {
        const { pathname, origin } = new URL(response.url());
        if (origin !== new URL(person.line.url).origin) elsewhere.push(response.url());
        if (/^\/assets\/.*\.js$/.test(pathname)) seen.add(pathname);
    });
    await person.page.goto(`/c/${house.conversations[0]}`);
    await person.page.locator('[data-timeline] article').first().waitFor();
    note('JavaScript of a conversation, gzipped', kilobytes(seen), 'kB', 130);
    note('requests to anybody else', elsewhere.length, '', 0);
    await person.leave();
}

/** Goes on in the page itself, for most links of a long list do not exist; each place is seen. */
const walk = (person: Person, conversations: readonly number[], rounds = conversations.length) =>
    person.page.evaluate(
        async ([places, steps]) => {
            for (let step = 0; step < steps; ++step) {
                history.pushState({}, '', `/c/${places[step % places.length]}`);
                dispatchEvent(new PopStateEvent('popstate'));
                await new Promise((resolve) => setTimeout(resolve, 60));
            }
        },
        [conversations, rounds] as const,
    );

/** Reads a conversation to its beginning, as somebody does who looks for something. */
async function readAll(person: Person, conversation: number): Promise<void> {
    const { page, t } = person;
    await walk(person, [conversation]);
    await page.locator('[data-timeline] article').first().waitFor();
    const name = await page.locator('#place h1').innerText();
    const beginning = page.getByText(t.beginning(name));
    for (let step = 0; step < 100 && !(await beginning.isVisible()); ++step) {
        await page.evaluate(async () => {
            document.querySelector('[data-timeline]')!.scrollTop = 0;
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        });
    }
    if (!(await beginning.isVisible())) throw new Error(`${name} has no beginning`);
}

async function meetEverybody(person: Person): Promise<number> {
    const { page, t } = person;
    await page.getByRole('navigation').getByRole('link', { name: t.people }).click();
    const list = page.getByRole('list', { name: t.people });
    await list.getByRole('link').first().waitFor();
    let worst = 0;
    for (let step = 0; step < 2000; ++step) {
        const [isEnd, longest] = await list.evaluate(async (element) => {
            const box = element.parentElement!;
            const before = box.scrollHeight;
            box.scrollTop = before;
            let longest = 0;
            let last = performance.now();
            for (let frame = 0; frame < 12; ++frame) {
                await new Promise(requestAnimationFrame);
                longest = Math.max(longest, performance.now() - last);
                last = performance.now();
            }
            const isEnd = box.scrollHeight === before && !element.textContent?.includes('…');
            return [isEnd, longest] as const;
        });
        worst = Math.max(worst, longest);
        const rows = await list.evaluate((element) => element.scrollHeight / 60);
        if (isEnd && rows > people * 0.9) break;
    }
    await page.getByRole('navigation').getByRole('link', { name: t.chats }).click();
    return worst;
}

export async function memory(house: House): Promise<void> {
    const person = await Person.arrive(house.daemon, 'alice');
    await person.logIn();
    const { page } = person;
    const cdp = await person.context.newCDPSession(page);
    const heap = async () => {
        await cdp.send('HeapProfiler.collectGarbage');
        const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number };
        return usedSize / 1e6;
    };
    const slowest = await meetEverybody(person);
    note(`longest frame while scrolling through ${people} people`, slowest, 'ms', 100);
    for (const conversation of house.conversations.slice(1)) await readAll(person, conversation);
    await walk(person, house.conversations, 60);
    const before = await heap();
    await walk(person, house.conversations, 500);
    const after = await heap();
    note('memory of scripts, 50 conversations and all people', before, 'MB', 40);
    note('its growth over 500 switches', after - before, 'MB', 5);
    await person.leave();
}
