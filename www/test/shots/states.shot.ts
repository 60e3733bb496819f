import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Daemon, type Account } from '../e2e/harness/daemon';
import { seed, type House } from '../e2e/harness/house';
import { closeBrowser, Person, type Wish } from '../e2e/harness/person';

// What the screens look like when something is the matter, or there is too much or too little to
// show: into build/shots, too.

const folder = join(import.meta.dirname, '../../../build/shots');
const longest = 300;

let daemon: Daemon;
let closed: Daemon;
let house: House;
let odd: number;
beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    daemon = await Daemon.start({
        'conversations.max_length': String(longest),
        'auth.login_attempts': '0',
    });
    closed = await Daemon.start({ 'auth.registration': 'closed', 'auth.email': 'required' });
    house = await seed(daemon);
    const long = await daemon.register('maximiliane.von.und.zu.hohenlohe', {
        display_name: 'Maximiliane Konstanze von und zu Hohenlohe-Waldenburg-Schilling',
    });
    odd = await daemon.conversation(long, house.alice);
    await talk(long);
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
    await closed.stop();
});

/** Words that no screen likes. */
async function talk(other: Account): Promise<void> {
    const { alice } = house;
    const say = (who: Account, words: string, reply_to?: number) =>
        daemon.call<{ id: number }>(
            'POST',
            `/conversations/${odd}/messages`,
            { id: `${words.length}-${words.slice(0, 20)}`, content: words, reply_to },
            who.token,
        );
    const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(4);
    const first = await say(other, word);
    await say(alice, '```cpp\nauto salon = std::make_unique<Salon>(/* everything that it needs, at once */ 1);\nreturn salon->run();\n```');
    await say(other, '| no | table |\n\n1. one\n2. two\n   - three\n\n- [x] done\n- [ ] not done', first.id);
    const fault = await say(alice, 'A fualt');
    await daemon.call('PATCH', `/messages/${fault.id}`, { content: 'A fault' }, alice.token);
    const gone = await say(alice, 'This is too much');
    await daemon.call('DELETE', `/messages/${gone.id}`, undefined, alice.token);
    await say(other, 'https://example.org/a/very/long/address/that/goes/on?and=on&and=on&until=it-ends-somewhere-far-away');
    await say(alice, '👍🏽');
    await say(alice, 'So be it.', fault.id);
}

const looks: [string, Wish][] = [
    ['desktop-light', { scheme: 'light' }],
    ['desktop-dark', { scheme: 'dark', language: 'fr' }],
    ['phone-light', { scheme: 'light', phone: true, language: 'fr' }],
    ['phone-dark', { scheme: 'dark', phone: true }],
];

describe.each(looks)('%s', (look, wish) => {
    it('is photographed in every state', async () => {
        const alice = await Person.arrive(daemon, 'alice', wish);
        const { page, t } = alice;
        const shoot = async (name: string, page = alice.page) => {
            await page.evaluate(() => document.fonts.ready);
            await page.waitForTimeout(400);
            await page.screenshot({ path: join(folder, `${look}-${name}.png`) });
        };
        const guest = await Person.arrive(closed, 'guest', wish);
        await guest.page.goto('/register');
        await guest.page.getByLabel(t.invitation).fill('no such code');
        await guest.page.getByLabel(t.username, { exact: true }).fill('a');
        await guest.page.getByLabel(t.email).fill('alice@example.org');
        await guest.page.getByLabel(t.password, { exact: true }).fill('short');
        await guest.page.getByRole('button', { name: t.register }).click();
        await guest.page.getByText(t.faults['too_short']!).first().waitFor();
        await shoot('register-fault', guest.page);
        await guest.leave();
        await page.goto('/login');
        await page.getByLabel(t.usernameOrEmail).fill('alice');
        await page.getByLabel(t.password, { exact: true }).fill('no such password');
        await page.getByRole('button', { name: t.logIn }).click();
        await page.getByText(t.wrongLogin).waitFor();
        await shoot('login-fault');
        await alice.logIn();
        await page.keyboard.press('Control+k');
        await page.getByRole('option').first().waitFor();
        await shoot('finder');
        await page.keyboard.press('Escape');
        await alice.open('jonas');
        await shoot('empty');
        await page.goto('/people');
        await page.getByLabel(t.searchPeople).fill('zzz');
        await page.getByText(t.nobodyFound).waitFor();
        await shoot('nobody');
        await page.goto(`/c/${odd}`);
        await alice.sees('So be it.');
        await shoot('odd-end');
        await page.locator('[data-timeline]').evaluate((box) => (box.scrollTop = 0));
        await shoot('odd-start');
        await alice.say('far too long '.repeat(longest / 10));
        await page.getByText(t.failed).last().waitFor();
        await shoot('failed');
        alice.line.cut();
        await page.getByText(t.reconnecting).waitFor();
        await alice.say('written without a network');
        await alice.sees('written without a network');
        await shoot('offline');
        alice.line.mend();
        await page.getByText(t.reconnecting).waitFor({ state: 'detached' });
        await page.locator('[data-tick=sending]').waitFor({ state: 'detached' });
        await page.getByRole('button', { name: t.discard }).click();
        await page.locator('[data-timeline] article').last().focus();
        await page.keyboard.press('Enter');
        await page.getByRole('menu').waitFor();
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        await page.getByRole('dialog').waitFor();
        await shoot('delete');
        await page.keyboard.press('Escape');
        await page.goto('/settings');
        await page.getByText(t.thisSession).scrollIntoViewIfNeeded();
        await shoot('settings-end');
        await alice.leave();
    });
});

it('a small window and big letters', async () => {
    const alice = await Person.arrive(daemon, 'alice', { language: 'fr' });
    const { page } = alice;
    await alice.logIn();
    for (const [name, width, letters] of [
        ['320', 320, '100%'],
        ['big', 360, '200%'],
        ['big-desktop', 1280, '200%'],
    ] as const) {
        await page.setViewportSize({ width, height: 640 });
        for (const path of ['/', '/people', `/c/${odd}`, '/settings', `/c/${house.conversation}`]) {
            await page.goto(path);
            await page.locator('h1:visible, h2:visible').first().waitFor();
            await page.evaluate(
                (size) => (document.documentElement.style.fontSize = size),
                letters,
            );
            await page.waitForTimeout(600);
            const screen = path.slice(1).replace('/', '-') || 'home';
            await page.screenshot({ path: join(folder, `${name}-${screen}.png`) });
        }
    }
    await alice.leave();
});
