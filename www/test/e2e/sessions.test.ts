import { afterAll, beforeAll, expect, it } from 'vitest';
import { Daemon, password } from './harness/daemon';
import { closeBrowser, Person } from './harness/person';

// Getting in and out, in one tab and in several.

let daemon: Daemon;
beforeAll(async () => {
    daemon = await Daemon.start({ 'auth.login_attempts': '0' });
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

it('each mistake is named where it was made', async () => {
    await daemon.register('taken');
    const person = await Person.arrive(daemon, 'new');
    const { page, t } = person;
    await page.goto('/');
    await page.getByRole('link', { name: t.register }).click();
    const name = page.getByLabel(t.username, { exact: true });
    await name.fill('taken');
    await page.getByLabel(t.password, { exact: true }).fill('short');
    await page.getByRole('button', { name: t.register }).click();
    await page.getByText(t.faults['too_short']!).waitFor();
    await page.getByText(t.passwordHint(8)).waitFor();
    await page.getByLabel(t.password, { exact: true }).fill('long enough for all');
    await page.getByRole('button', { name: t.register }).click();
    await page.getByText(t.faults['taken']!).waitFor();
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.getByRole('button', { name: t.showPassword }).click();
    expect(await page.getByLabel(t.password, { exact: true }).getAttribute('type')).toBe('text');
    await page.getByRole('link', { name: t.logIn }).click();
    await page.getByLabel(t.usernameOrEmail).fill('taken');
    await page.getByLabel(t.password, { exact: true }).fill('not this one');
    await page.getByRole('button', { name: t.logIn }).click();
    await page.getByText(t.wrongLogin).waitFor();
    // What the daemon says of a disabled account, with the right password.
    await page.route('**/auth/login', (route) =>
        route.fulfill({ status: 403, json: { code: 'forbidden', detail: 'disabled' } }),
    );
    await page.getByRole('button', { name: t.logIn }).click();
    await page.getByText(t.disabledLogin).waitFor();
    await person.leave();
});

it('a session that is ended elsewhere ends here; what was typed and what was not sent stays', async () => {
    const bob = await daemon.register('bob');
    const alice = await Person.arrive(daemon, 'alice');
    await alice.register();
    await alice.open('bob');
    alice.line.cut();
    await alice.say('on its way');
    await alice.type('not sent yet');
    const other = await daemon.call<{ access_token: string }>('POST', '/auth/login', {
        login: 'alice',
        password,
        cookie: false,
    });
    const { sessions } = await daemon.call<{ sessions: { id: number; current: boolean }[] }>(
        'GET',
        '/auth/sessions',
        undefined,
        other.access_token,
    );
    const hers = sessions.find((each) => !each.current)!;
    await daemon.call('DELETE', `/auth/sessions/${hers.id}`, undefined, other.access_token);
    alice.line.mend();
    await alice.page.getByText(alice.t.sessionEnded).waitFor();
    // In the same page, which still holds the lock of the tab that has not sent it.
    await alice.logInHere();
    await alice.open(bob.name);
    expect(await alice.composer.inputValue()).toBe('not sent yet');
    await alice.seesTick('on its way', 'sent');
    await alice.leave();
});

it('what one is to others is chosen on one device and shown on all of them', async () => {
    await daemon.register('erin');
    const phone = await Person.arrive(daemon, 'erin', { phone: true });
    const desk = await Person.arrive(daemon, 'erin');
    for (const each of [phone, desk]) await each.logIn();
    const { page, t } = desk;
    await page.getByRole('link', { name: t.settings }).click();
    await page.getByRole('radio', { name: t.online }).waitFor();
    await phone.page.goto('/settings');
    await phone.page.getByText(t.busy, { exact: true }).tap();
    await page.locator('header [data-status=busy]').waitFor();
    expect(await page.getByRole('radio', { name: t.busy }).isChecked()).toBe(true);
    await phone.page.getByText(t.invisible, { exact: true }).tap();
    await page.locator('header [data-status=offline]').waitFor();
    expect(await page.getByRole('radio', { name: t.invisible }).isChecked()).toBe(true);
    for (const each of [phone, desk]) await each.leave();
});

it('two tabs are one person: they show the same and leave together', async () => {
    await daemon.register('dora');
    const carol = await Person.arrive(daemon, 'carol');
    await carol.register();
    await carol.open('dora');
    const second = await carol.context.newPage();
    await second.goto(carol.page.url());
    await carol.say('from the first tab');
    await second.getByText('from the first tab').last().waitFor();
    const composer = second.getByRole('textbox', { name: carol.t.composer('') });
    await composer.fill('from the second tab');
    await composer.press('Enter');
    await carol.sees('from the second tab');
    expect(await carol.transcript()).toEqual(['from the first tab', 'from the second tab']);
    await second.goto('/settings');
    await second.getByRole('button', { name: carol.t.logOut }).click();
    await carol.page.getByRole('button', { name: carol.t.logIn }).waitFor();
    await second.getByRole('button', { name: carol.t.logIn }).waitFor();
    await carol.page.reload();
    await carol.page.getByRole('button', { name: carol.t.logIn }).waitFor();
    expect(await carol.context.cookies()).toEqual([]);
    const databases = () => carol.page.evaluate(async () => (await indexedDB.databases()).length);
    await expect.poll(databases, { timeout: 20_000 }).toBe(0);
    await carol.leave();
});

it('the shell and the conversations are there without a network', async () => {
    const eve = await daemon.register('eve');
    const fred = await Person.arrive(daemon, 'fred');
    await fred.register();
    await fred.open(eve.name);
    await fred.say('to be remembered');
    await fred.seesTick('to be remembered', 'sent');
    await fred.page.evaluate(async () => {
        await navigator.serviceWorker.ready;
    });
    await fred.page.reload();
    await fred.sees('to be remembered');
    const copied = () =>
        fred.page.evaluate(async () => {
            const open = indexedDB.open(`salon-${localStorage.getItem('salon.session')}`);
            const db = await new Promise<IDBDatabase>((resolve) => {
                open.onsuccess = () => resolve(open.result);
            });
            const all = db.transaction('pages').objectStore('pages').getAll();
            // The copy of the conversation before its first message is no copy of that message.
            const pages = await new Promise<{ messages: unknown[] }[]>((resolve) => {
                all.onsuccess = () => resolve(all.result);
            });
            db.close();
            return pages.some((page) => page.messages.length > 0);
        });
    // Not waitForFunction, which takes a promise for the truth.
    await expect.poll(copied).toBe(true);
    fred.line.cut();
    await fred.page.reload();
    await fred.sees('to be remembered');
    await fred.say('written without a network');
    await fred.page.reload();
    await fred.sees('written without a network');
    fred.line.mend();
    await fred.seesTick('written without a network', 'sent');
    await fred.leave();
});

it('a password is changed, and the other sessions end', async () => {
    await daemon.register('gina');
    const gina = await Person.arrive(daemon, 'gina');
    await gina.logIn();
    const { page, t } = gina;
    await page.goto('/settings');
    await page.getByText(t.unknownDevice).waitFor();
    await page.getByLabel(t.currentPassword).fill('wrong password');
    await page.getByLabel(t.newPassword, { exact: true }).fill('another long password');
    await page.getByRole('button', { name: t.changePassword }).click();
    await page.getByText(t.wrongPassword).waitFor();
    await page.getByLabel(t.currentPassword).fill(password);
    await page.getByRole('button', { name: t.changePassword }).click();
    await page.getByText(t.passwordChanged).waitFor();
    await gina.leave();
});

it('with an invitation only, the form asks for it', async () => {
    const closed = await Daemon.start({ 'auth.registration': 'closed', 'auth.email': 'required' });
    const harry = await Person.arrive(closed, 'harry');
    await harry.page.goto('/register');
    await harry.page.getByLabel(harry.t.invitation).fill('no such code');
    await harry.page.getByLabel(harry.t.username, { exact: true }).fill('harry');
    await harry.page.getByLabel(harry.t.email).fill('harry@example.org');
    await harry.page.getByLabel(harry.t.password, { exact: true }).fill(password);
    await harry.page.getByRole('button', { name: harry.t.register }).click();
    await harry.page.getByText(harry.t.closedRegistration).waitFor();
    await harry.leave();
    await closed.stop();
});
