import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon, type Account } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// Being told while one looks elsewhere: by a notification and a sound, once, and only who has agreed.

let daemon: Daemon;
let bob: Account;
beforeAll(async () => {
    daemon = await Daemon.start();
    bob = await daemon.register('bob', { display_name: 'Bob Marchand' });
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

interface Shown {
    title: string;
    body: string;
    tag: string;
}

const shown = (page: Page): Promise<Shown[]> =>
    page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const all = await registration.getNotifications();
        return all.map(({ title, body, tag }) => ({ title, body, tag }));
    });
const notes = (page: Page): Promise<number> =>
    page.evaluate(() => (window as unknown as { notes?: number }).notes ?? 0);

/** What the page knows of being looked at, which a browser without a screen never changes. */
async function look(page: Page, isLooking: boolean): Promise<void> {
    await page.evaluate((here) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => !here });
        document.hasFocus = () => here;
        document.dispatchEvent(new Event('visibilitychange'));
        window.dispatchEvent(new Event(here ? 'focus' : 'blur'));
    }, isLooking);
}

it('a message is a notification and a sound, when the window is hidden and the person agreed', async () => {
    const alice = await Person.arrive(daemon, 'alice');
    await alice.context.grantPermissions(['notifications'], { origin: alice.line.url });
    await alice.context.addInitScript(() => {
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (this: OscillatorNode, ...when: number[]) {
            const here = window as unknown as { notes?: number };
            here.notes = (here.notes ?? 0) + 1;
            return start.apply(this, when as [number]);
        };
    });
    const { page, t } = alice;
    await alice.register();
    await alice.open('bob');
    await alice.say('Hello');
    await alice.seesTick('Hello', 'sent');
    const conversation = Number(new URL(page.url()).pathname.split('/').pop());
    const answer = (text: string) => daemon.say(bob, conversation, text, text);

    // Not agreed: nothing, though hidden.
    await look(page, false);
    await answer('before');
    await page.locator('[data-unread]').waitFor();
    await look(page, true);
    await alice.sees('before');
    await page.getByRole('navigation').getByRole('link', { name: t.settings }).click();
    await page.getByRole('switch', { name: t.notify }).click();
    expect(await shown(page)).toEqual([]);

    // Agreed, and looking: nothing either.
    await page.getByRole('navigation').getByRole('link', { name: t.people }).click();
    await answer('while looking');
    await expect.poll(() => page.title()).toMatch(/^\(1\)/);
    expect(await shown(page)).toEqual([]);

    // Agreed and elsewhere: one notification a conversation, with its last words.
    await look(page, false);
    await answer('**first** words');
    await expect
        .poll(() => shown(page))
        .toEqual([{ title: 'Bob Marchand', body: 'first words', tag: `salon-${conversation}` }]);
    await answer('last words');
    await expect
        .poll(async () => (await shown(page)).map((each) => each.body))
        .toEqual(['last words']);
    expect(await notes(page)).toBeGreaterThanOrEqual(2);

    // Another tab is looked at: the one that leads is silent, hidden as it is.
    const sounds = await notes(page);
    const other = await alice.context.newPage();
    await other.goto('/people');
    await other.getByRole('navigation', { name: t.nav }).waitFor();
    await look(other, true);
    await answer('with another tab');
    await expect.poll(() => page.title()).toMatch(/^\(4\)/);
    expect((await shown(page)).map((each) => each.body)).toEqual(['last words']);
    expect(await notes(page)).toBe(sounds);
    await other.close();

    // Reading takes the notification away; without sound there is none.
    await look(page, true);
    await page.goto(`/c/${conversation}`);
    await alice.sees('with another tab');
    await expect.poll(() => shown(page)).toEqual([]);
    await page.goto('/settings');
    await page.getByRole('switch', { name: t.sound }).click();
    await look(page, false);
    await answer('quietly');
    await expect
        .poll(async () => (await shown(page)).map((each) => each.body))
        .toEqual(['quietly']);
    expect(await notes(page)).toBe(0);
    expect(alice.complaints).toEqual([]);
    await alice.leave();
});
