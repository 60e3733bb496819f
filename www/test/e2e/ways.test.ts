import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/lib/en';
import { Daemon, password, type Account } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// Ways that people are used to: the search for people from anywhere, keys, the arrow back of a
// phone, a finger that rests; and Salon on a plain http address of the house's own network.

let daemon: Daemon;
let ines: Account;
beforeAll(async () => {
    daemon = await Daemon.start();
    ines = await daemon.register('ines', { display_name: 'Inès Moreau' });
    const bob = await daemon.register('bob', { display_name: 'Bob Marchand' });
    const alice = await daemon.register('alice', { display_name: 'Alice Morel' });
    for (const friend of [ines, bob]) {
        const conversation = await daemon.conversation(friend, alice);
        await daemon.say(friend, conversation, `Hello from ${friend.name}`, friend.name);
    }
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

describe('at a desk', () => {
    it('somebody is found from anywhere by Ctrl+K and a few letters', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t } = alice;
        await alice.logIn();
        await page.keyboard.press('Control+k');
        const search = page.getByRole('combobox', { name: t.searchPeople });
        const options = page.getByRole('option');
        await expect.poll(() => options.count()).toBe(2);
        expect(await options.first().innerText()).toContain('Bob Marchand');
        await search.fill('ine');
        await expect.poll(() => options.count()).toBe(1);
        await page.keyboard.press('Enter');
        await alice.sees('Hello from ines');
        // From the field too, where chosen words become a link instead.
        await alice.composer.press('Control+k');
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowUp');
        await page.keyboard.press('Enter');
        await alice.sees('Hello from bob');
        await alice.composer.fill('words');
        await alice.composer.press('Control+a');
        await alice.composer.press('Control+k');
        expect(await alice.composer.inputValue()).toBe('[words](https://)');
        expect(await search.count()).toBe(0);
        await alice.composer.fill('');
        await page.keyboard.press('Alt+ArrowDown');
        await alice.sees('Hello from ines');
        expect(alice.complaints).toEqual([]);
        await alice.leave();
    });

    it('a friend with another name has it after a reload; an address of nothing leads back', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t } = alice;
        await alice.logIn();
        const chats = page.getByRole('list', { name: t.chats });
        await chats.getByText('Inès Moreau').waitFor();
        const rename = (name: string) =>
            daemon.call('PATCH', '/users/me', { display_name: name }, ines.token);
        await rename('Inès Dupont');
        await page.reload();
        await chats.getByText('Inès Dupont').waitFor();
        await rename('Inès Moreau');
        for (const path of ['/nonsense', '/c/abc', '/settings/foo']) {
            await page.goto(path);
            await page.getByText(t.nowhere).waitFor();
        }
        await page.getByRole('button', { name: t.toChats }).click();
        await page.goto('/c/999999');
        await page.getByText(t.notFound).waitFor();
        await page.getByRole('button', { name: t.back }).click();
        await alice.isHome();
        await alice.leave();
    });

    it('letters go to the field wherever the focus is, and Enter within a composition sends nothing', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page } = alice;
        await alice.logIn();
        await page.getByRole('list', { name: alice.t.chats }).getByRole('link').first().click();
        await alice.sees('Hello from bob');
        await alice.bubble('Hello from bob').click();
        await page.keyboard.type('typed');
        expect(await alice.composer.inputValue()).toBe('typed');
        const cdp = await alice.context.newCDPSession(page);
        await alice.composer.fill('');
        await cdp.send('Input.imeSetComposition', {
            text: 'に',
            selectionStart: 1,
            selectionEnd: 1,
        });
        await alice.composer.dispatchEvent('keydown', {
            key: 'Enter',
            isComposing: true,
            bubbles: true,
        });
        await cdp.send('Input.insertText', { text: '日' });
        expect(await alice.composer.inputValue()).toBe('日');
        expect(await page.locator('[data-own=true]').count()).toBe(0);
        await alice.composer.press('Enter');
        await alice.sees('日');
        // Chosen words and an address are a link.
        await alice.composer.fill('see notes');
        await alice.composer.press('Control+a');
        await alice.composer.evaluate((field) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', 'https://example.org/notes');
            field.dispatchEvent(
                new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
            );
        });
        expect(await alice.composer.inputValue()).toBe('[see notes](https://example.org/notes)');
        await alice.composer.fill('');
        // The right button opens what can be done with a message.
        await alice.bubble('日').locator('[data-bubble]').click({ button: 'right' });
        await page.getByRole('menuitem', { name: alice.t.reply }).click();
        await page.getByText(alice.t.replyTo(alice.t.you)).waitFor();
        await page.keyboard.press('Escape');
        await alice.leave();
    });

    it('one writes on in the field while the emoji picker is open', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t } = alice;
        await alice.logIn();
        await page.getByRole('list', { name: t.chats }).getByRole('link').first().click();
        await page.getByRole('button', { name: t.emoji }).click();
        const picker = page.getByRole('dialog', { name: t.emoji });
        await picker.getByRole('gridcell').first().waitFor();
        await alice.composer.click();
        await page.keyboard.type('hello ');
        expect(await alice.composer.inputValue()).toBe('hello ');
        await picker.getByRole('gridcell').first().click();
        await page.keyboard.type('there');
        expect(await alice.composer.inputValue()).toMatch(/^hello \p{Extended_Pictographic}there$/u);
        await page.keyboard.press('Escape');
        await picker.waitFor({ state: 'detached' });
        await alice.composer.fill('');
        expect(alice.complaints).toEqual([]);
        await alice.leave();
    });

    it('without a connection nobody is said to be there, and lists come back with it', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t, line } = alice;
        await alice.logIn();
        const chats = page.getByRole('list', { name: t.chats });
        await chats.getByText('Bob Marchand').click();
        await alice.sees('Hello from bob');
        await page.locator('nav').getByRole('link', { name: t.people }).click();
        const everybody = page.getByRole('list', { name: t.people });
        await everybody.getByText('@ines').waitFor();
        line.cut();
        await page.getByText(t.reconnecting).waitFor();
        await page.getByLabel(t.searchPeople).fill('bob');
        await page.getByText(t.errors['offline']!).waitFor();
        await page.goBack();
        expect(await page.locator('[data-peer-state]').innerText()).toBe(t.connecting);
        await alice.say('Written meanwhile');
        await chats.getByRole('img', { name: t.sending }).waitFor();
        await page.goForward();
        await page.getByLabel(t.searchPeople).fill('bob');
        await page.getByText(t.errors['offline']!).waitFor();
        line.mend();
        await everybody.getByText('@bob').waitFor();
        expect(await page.getByText(t.errors['offline']!).count()).toBe(0);
        await alice.leave();
    });

    it('a daemon that cannot say yet what was missed is asked again', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page } = alice;
        await alice.logIn();
        let refusals = 0;
        await page.routeWebSocket('**/ws', (near) => {
            const far = near.connectToServer();
            near.onMessage((text) => {
                const { type, id } = JSON.parse(String(text)) as { type: string; id?: string };
                if (type !== 'resume' || refusals === 2) return far.send(text);
                refusals += 1;
                const refusal = { type: 'error', id, code: 'unavailable', message: 'try again' };
                near.send(JSON.stringify(refusal));
            });
        });
        await page.reload();
        await page.getByRole('list', { name: alice.t.chats }).getByText('Bob Marchand').click();
        await alice.say('when you can');
        await alice.seesTick('when you can', 'sent');
        expect(refusals).toBe(2);
        await alice.leave();
    });

    it('what cannot be read yet can be written to, and is read with the next connection', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t, line } = alice;
        await alice.logIn();
        const history = '**/api/v1/conversations/*/messages*';
        await page.route(history, (route) => route.abort());
        await page.getByRole('list', { name: t.chats }).getByText('Bob Marchand').click();
        await page.getByRole('button', { name: t.retry }).waitFor();
        await alice.say('blindly');
        await page.unroute(history);
        line.cut();
        await page.getByText(t.reconnecting).waitFor();
        line.mend();
        await alice.sees('Hello from bob');
        await alice.seesTick('blindly', 'sent');
        await alice.leave();
    });

    it('what is written before the first page has come stands there in its order', async () => {
        await daemon.register('noah', { display_name: 'Noah Petit' });
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t } = alice;
        await alice.logIn();
        const chats = page.getByRole('list', { name: t.chats });
        // The page leaves the daemon while nothing is said, and comes when the first message is
        // stored; what fills the gap comes when the second is.
        await page.route('**/api/v1/conversations/*/messages*', async (route) => {
            const response = await route.fetch();
            await chats.getByText('first').waitFor();
            await route.fulfill({ response });
        });
        await page.route('**/api/v1/conversations/*/changes*', async (route) => {
            const response = await route.fetch();
            await chats.getByText('second').waitFor();
            await route.fulfill({ response });
        });
        await alice.open('noah');
        await alice.say('first');
        await page.locator('[data-timeline]').waitFor();
        await alice.say('second');
        await alice.seesTick('first', 'sent');
        await alice.seesTick('second', 'sent');
        expect(await alice.transcript()).toEqual(['first', 'second']);
        await alice.leave();
    });

    it('a message that is too long says how long it may be, and is marked in the list', async () => {
        const alice = await Person.arrive(daemon, 'alice');
        const { page, t } = alice;
        await alice.logIn();
        const chats = page.getByRole('list', { name: t.chats });
        await chats.getByText('Bob Marchand').click();
        await alice.composer.fill('x'.repeat(4001));
        await alice.composer.press('Enter');
        const trouble = page.locator('[data-timeline]').getByRole('alert');
        await trouble.getByText(t.tooLong('4000')).waitFor();
        expect(await trouble.getByRole('button', { name: t.retry }).count()).toBe(0);
        await chats.getByRole('img', { name: t.failed }).waitFor();
        await trouble.getByRole('button', { name: t.edit }).click();
        expect(await alice.composer.inputValue()).toHaveLength(4001);
        // Longer than any frame may be: said here, because it cannot even be sent.
        await alice.composer.fill('x'.repeat(70_000));
        await alice.composer.press('Enter');
        await trouble.getByText(t.errors['too_large']!).waitFor();
        await trouble.getByRole('button', { name: t.discard }).click();
        await alice.say('short enough');
        await alice.seesTick('short enough', 'sent');
        await page.goto('/settings');
        await page.getByRole('button', { name: t.logOut }).click();
        await page.getByRole('button', { name: t.logIn }).waitFor();
        expect(new URL(page.url()).pathname).toBe('/');
        await alice.leave();
    });
});

describe('an edit', () => {
    const tooLong = 'x'.repeat(4001);
    let alice: Person;
    const edits = async (from: string, to: string) => {
        await alice.composer.press('ArrowUp');
        await expect.poll(() => alice.composer.inputValue()).toBe(from);
        await alice.say(to);
    };
    beforeAll(async () => {
        alice = await Person.arrive(daemon, 'alice');
        await alice.logIn();
        await alice.open('bob');
    });
    afterAll(() => alice.leave());

    it('that waits is edited again, and taken back', async () => {
        await alice.say('one');
        await alice.seesTick('one', 'sent');
        alice.line.cut();
        await edits('one', 'two');
        await alice.seesTick('two', 'sending');
        await edits('two', 'one');
        await alice.seesTick('one', 'sending');
        alice.line.mend();
        await alice.seesTick('one', 'sent');
        await alice.bubble('one').getByText(alice.t.edited).waitFor();
    });

    it('that is refused is mended, or given up for another', async () => {
        const { page, t } = alice;
        const trouble = page.locator('[data-timeline]').getByRole('alert');
        await edits('one', tooLong);
        await trouble.getByRole('button', { name: t.edit }).click();
        expect(await alice.composer.inputValue()).toBe(tooLong);
        await alice.composer.press('Escape');
        await trouble.getByText(t.tooLong('4000')).waitFor();
        await edits(tooLong, 'short');
        await alice.seesTick('short', 'sent');
        expect(await trouble.count()).toBe(0);
    });

    it('ends before a message that failed comes back to the field', async () => {
        const { page, t } = alice;
        await alice.say(tooLong);
        const trouble = page.locator('[data-timeline]').getByRole('alert');
        await trouble.waitFor();
        await alice.composer.press('ArrowUp');
        await expect.poll(() => alice.composer.inputValue()).toBe('short');
        await trouble.getByRole('button', { name: t.edit }).click();
        expect(await alice.composer.inputValue()).toBe(tooLong);
        expect(await page.getByText(t.editing).count()).toBe(0);
        await page.reload();
        await alice.sees('short');
        expect(await alice.composer.inputValue()).toBe(tooLong);
        await alice.composer.fill('');
        expect(alice.complaints).toEqual([]);
    });
});

it('on a phone a resting finger opens the menu, and both ways back are one', async () => {
    const alice = await Person.arrive(daemon, 'alice', { phone: true });
    const { page, t } = alice;
    await alice.logIn();
    const list = page.getByRole('list', { name: t.chats });
    await list.getByRole('link').first().tap();
    await alice.sees('Hello from bob');
    const box = (await alice.bubble('Hello from bob').locator('[data-bubble]').boundingBox())!;
    const cdp = await alice.context.newCDPSession(page);
    const touchPoints = [{ x: box.x + 20, y: box.y + 10 }];
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await page.getByRole('menu').waitFor();
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await page.getByRole('menuitem', { name: t.reply }).tap();
    await page.getByText(t.replyTo('Bob Marchand')).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: t.keySearch }).tap();
    await page.getByRole('option').first().tap();
    await alice.sees('Hello from bob');
    const steps = await page.evaluate(() => history.length);
    await page.getByRole('button', { name: t.back }).tap();
    await list.waitFor();
    await list.getByRole('link').first().tap();
    await alice.composer.waitFor();
    expect(await page.evaluate(() => history.length)).toBe(steps);
    await page.goBack();
    await list.waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    // Who came by a link has a list to go back to, too.
    await page.goto('/settings');
    await page.getByRole('button', { name: t.back }).tap();
    await list.waitFor();
    expect(alice.complaints).toEqual([]);
    await alice.leave();
});

it('a part that cannot be loaded takes nothing else with it', async () => {
    const alice = await Person.arrive(daemon, 'alice', { keepsNoFiles: true });
    const { page, t } = alice;
    const refuse = (name: string) => page.route(`**/assets/${name}-*.js`, (route) => route.abort());
    await refuse('EmojiPicker');
    await refuse('Settings');
    await alice.logIn();
    await page.getByRole('list', { name: t.chats }).getByRole('link').first().click();
    await alice.composer.fill('half a sen');
    await page.getByRole('button', { name: t.emoji }).click();
    await page.getByRole('status').getByText(t.partMissing).waitFor();
    expect(await alice.composer.inputValue()).toBe('half a sen');
    await page.getByRole('link', { name: t.settings }).click();
    await page.getByRole('alert').getByText(t.partMissing).waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: t.retry }).click();
    await page.getByText(t.thisSession).waitFor();
    await page.goBack();
    expect(await alice.composer.inputValue()).toBe('half a sen');
    await page.getByRole('button', { name: t.emoji }).click();
    await page.getByRole('dialog', { name: t.emoji }).waitFor();
    expect(alice.complaints).toEqual([]);
    await alice.leave();
});

it('everything works on a plain http address, where browsers allow less', async () => {
    const browser = await chromium.launch({
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP salon.test 127.0.0.1'],
    });
    const page = await browser.newPage({ baseURL: `http://salon.test:${daemon.port}` });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto('/login');
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await page.getByLabel(en.usernameOrEmail).fill('ines');
    await page.getByLabel(en.password, { exact: true }).fill(password);
    await page.getByRole('button', { name: en.logIn }).click();
    await page.getByRole('list', { name: en.chats }).getByRole('link').first().click();
    const composer = page.getByRole('textbox', { name: en.composer('') });
    await composer.fill('over plain http');
    await composer.press('Enter');
    const own = page.locator('[data-own=true]');
    await own.locator('[data-tick=sent]').last().waitFor();
    await page.reload();
    await own.getByText('over plain http').waitFor();
    await own.locator('[data-bubble]').last().click({ button: 'right' });
    await page.getByRole('menuitem', { name: en.copy }).click();
    await page.getByText(en.copied).waitFor();
    expect(faults).toEqual([]);
    await browser.close();
});
