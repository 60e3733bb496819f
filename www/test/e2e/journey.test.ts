import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Daemon } from './harness/daemon';
import { closeBrowser, Person, type Wish } from './harness/person';

// The whole of what Salon is for: two people find each other and talk, through reloads and a lost
// network, and end with the same conversation.

let daemon: Daemon;
beforeAll(async () => {
    daemon = await Daemon.start();
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

const cutFor = 10_000;
const stories: [string, Wish, string, string][] = [
    ['at a desk, in English', {}, 'alice', 'bob'],
    ['on phones, in French', { phone: true, language: 'fr', scheme: 'dark' }, 'anne', 'bruno'],
];

describe.each(stories)('two people %s', (_where, wish, first, second) => {
    let alice: Person;
    let bob: Person;

    it('register and find each other', async () => {
        alice = await Person.arrive(daemon, first, wish);
        bob = await Person.arrive(daemon, second, wish);
        await alice.register();
        await alice.page.getByRole('heading', { name: alice.t.welcome(first) }).waitFor();
        await bob.register();
        const found = await alice.find(second);
        await found.locator('[data-status=online]').waitFor();
        await found.click();
        await alice.composer.waitFor();
    });

    it('see each other come and go', async () => {
        const dot = alice.page.locator('#place [data-status]').first();
        await alice.page.locator('#place [data-status=online]').waitFor();
        await bob.page.goto('about:blank');
        await alice.page.locator('#place [data-status=offline]').waitFor();
        await bob.page.goto('/');
        await bob.isHome();
        await alice.page.locator('#place [data-status=online]').waitFor();
        expect(await dot.getAttribute('aria-label')).toBe(alice.t.online);
    });

    it('talk, and see how far each message has come', async () => {
        await alice.say('Salut ! **Ça va** ?');
        await alice.sees('Salut ! Ça va ?');
        await alice.seesTick('Salut ! Ça va ?', 'received');
        const row = bob.page.getByRole('list', { name: bob.t.chats }).getByRole('link');
        await row.locator('[data-unread]').waitFor();
        await row.click();
        await bob.sees('Salut ! Ça va ?');
        await alice.seesTick('Salut ! Ça va ?', 'read');
        await bob.say('Très bien :)');
        await alice.sees('Très bien :)');
        await bob.seesTick('Très bien :)', 'read');
    });

    it('see each other type', async () => {
        const state = alice.page.locator('[data-peer-state]');
        await bob.composer.pressSequentially('je ré');
        await state.getByText(alice.t.typing(second)).waitFor();
        await bob.composer.fill('');
        await state.getByText(alice.t.online).waitFor();
    });

    it('reply, edit and delete', async () => {
        await alice.composer.fill('');
        await alice.say('Une fotue');
        await alice.seesTick('Une fotue', 'read');
        await alice.composer.press('ArrowUp');
        await expect.poll(() => alice.composer.inputValue()).toBe('Une fotue');
        await alice.composer.fill('Une faute');
        await alice.composer.press('Enter');
        await bob.sees('Une faute');
        await bob.bubble('Une faute').getByText(bob.t.edited).waitFor();

        await alice.bubble('Très bien :)').focus();
        await alice.page.keyboard.press('Enter');
        await alice.page.getByRole('menuitem', { name: alice.t.reply }).click();
        await alice.say('Tant mieux');
        const reply = bob.bubble('Tant mieux');
        await reply.getByText(bob.t.you, { exact: true }).waitFor();

        await alice.bubble('Une faute').focus();
        await alice.page.keyboard.press('Enter');
        await alice.page.getByRole('menuitem', { name: alice.t.delete }).click();
        await alice.page.getByRole('dialog').getByRole('button', { name: alice.t.delete }).click();
        await bob.page.locator('[data-timeline]').getByText(bob.t.messageDeleted).waitFor();
        await bob.bubble('Une faute').waitFor({ state: 'detached' });
    });

    it('reload in the middle of a sentence', async () => {
        await alice.composer.fill('une phrase commencée');
        await alice.page.reload();
        await alice.sees('Tant mieux');
        expect(await alice.composer.inputValue()).toBe('une phrase commencée');
        await alice.composer.press('Enter');
        await bob.sees('une phrase commencée');
    });

    it('lose the network while both write, and lose nothing', async () => {
        alice.line.cut();
        bob.line.cut();
        const start = Date.now();
        await alice.say('alice 1');
        await bob.say('bob 1');
        await alice.bubble('alice 1').locator('[data-tick=sending]').waitFor();
        await alice.page.getByText(alice.t.reconnecting).waitFor();
        await bob.say('bob 2');
        await alice.say('alice 2');
        // The page that asks is gone as well, and what was written is not.
        await bob.page.reload({ waitUntil: 'commit' }).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, cutFor - (Date.now() - start)));
        alice.line.mend();
        bob.line.mend();
        await bob.page.goto('/');
        await bob.isHome();
        if (!(await bob.composer.isVisible())) {
            await bob.page
                .getByRole('list', { name: bob.t.chats })
                .getByRole('link')
                .first()
                .click();
        }
        for (const person of [alice, bob]) {
            for (const text of ['alice 1', 'alice 2', 'bob 1', 'bob 2']) await person.sees(text);
        }
        await alice.page.getByText(alice.t.reconnecting).waitFor({ state: 'detached' });
    });

    it('end with the same conversation', async () => {
        await alice.say('fin');
        await alice.seesTick('fin', 'read');
        await bob.sees('fin');
        const told = await alice.transcript();
        expect(await bob.transcript()).toEqual(told);
        expect(told.filter((text) => /^(alice|bob) \d$/.test(text)).sort()).toEqual([
            'alice 1',
            'alice 2',
            'bob 1',
            'bob 2',
        ]);
        expect(told.indexOf('alice 1')).toBeLessThan(told.indexOf('alice 2'));
        expect(told.indexOf('bob 1')).toBeLessThan(told.indexOf('bob 2'));
        await alice.page.locator('[data-tick=sending]').waitFor({ state: 'detached' });
        expect(alice.complaints).toEqual([]);
        expect(bob.complaints).toEqual([]);
        await alice.leave();
        await bob.leave();
    });
});
