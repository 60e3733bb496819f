import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// What somebody evil writes is text, wherever it is shown.

const evils = [
    '<script>window.hacked=1</script>',
    '<img src=x onerror="window.hacked=1">',
    '"><svg onload=window.hacked=1>',
    "'-window.hacked=1-'",
    '[click](javascript:window.hacked=1)',
    '<a href="javascript:window.hacked=1">x</a>',
    '{{constructor.constructor("window.hacked=1")()}}',
];

let daemon: Daemon;
beforeAll(async () => {
    daemon = await Daemon.start();
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

it('messages, names, drafts, replies and searches are shown as the text they are', async () => {
    const alice = await Person.arrive(daemon, 'alice');
    await alice.register();
    const mallory = await daemon.register('mallory', {
        display_name: '<img src=x onerror=hacked=1>',
    });
    const me = await daemon.call<{ users: { id: number }[] }>(
        'GET',
        '/users?q=alice',
        undefined,
        mallory.token,
    );
    const victim = { id: me.users[0]!.id, name: 'alice', token: '' };
    const conversation = await daemon.conversation(mallory, victim);
    for (const [place, evil] of evils.entries())
        await daemon.say(mallory, conversation, evil, `evil-${place}`);

    const { page, t } = alice;
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
    });
    await page.getByRole('list', { name: t.chats }).getByRole('link').click();
    for (const evil of evils) await alice.sees(evil);
    await page.getByRole('heading', { name: '<img src=x onerror=hacked=1>' }).waitFor();

    for (const evil of evils) await alice.say(evil);
    await expect.poll(() => page.locator('[data-own=true]').count()).toBe(evils.length);
    await page.locator('[data-own=false]').last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: t.reply }).click();
    await alice.composer.fill(evils[1]!);
    await page.getByRole('button', { name: t.formatting }).click();
    await page.getByRole('button', { name: t.preview }).click();
    await page.locator('[data-preview]').getByText(evils[1]!).waitFor();
    await page.reload();
    expect(await alice.composer.inputValue()).toBe(evils[1]);
    await page.goto('/people');
    await page.getByLabel(t.searchPeople).fill(evils[0]!);
    await page.getByText(t.nobodyFound).waitFor();
    await page.goto('/settings');
    await page.getByLabel(t.displayName).fill(evils[2]!);
    await page.getByRole('button', { name: t.save, exact: true }).click();
    await page.getByText(t.saved).waitFor();
    await page.goto('/');
    await page.getByText(t.welcome(evils[2]!)).waitFor();
    await page.goto(`/c/${encodeURIComponent(evils[1]!)}`);
    await page.getByText(t.nowhere).waitFor();

    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(
        await page.locator('a[href^="javascript"], .prose img, .prose script, .prose svg').count(),
    ).toBe(0);
    expect(dialogs).toEqual([]);
    expect(alice.complaints.filter((each) => !/404|400/.test(each))).toEqual([]);
    await alice.leave();
});

it('nothing of a session is where a script of another could find it', async () => {
    const bob = await Person.arrive(daemon, 'bob');
    await bob.register();
    const kept = await bob.page.evaluate(
        () => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
    );
    expect(kept).not.toMatch(/eyJ|refresh|token/i);
    const [cookie] = await bob.context.cookies();
    expect(cookie).toMatchObject({ name: 'salon_refresh', httpOnly: true, sameSite: 'Strict' });
    await bob.leave();
});
