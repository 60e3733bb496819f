import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Daemon } from '../e2e/harness/daemon';
import { seed, type House } from '../e2e/harness/house';
import { closeBrowser, Person } from '../e2e/harness/person';

// Every screen, in both themes and at both sizes, into build/shots; README.md's two into doc.

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'build/shots');

let daemon: Daemon;
let house: House;
beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    mkdirSync(join(root, 'www/doc'), { recursive: true });
    daemon = await Daemon.start();
    house = await seed(daemon);
});
afterAll(async () => {
    await closeBrowser();
    await daemon.stop();
});

const looks = [
    ['desktop-light', { scheme: 'light' }],
    ['desktop-dark', { scheme: 'dark', language: 'fr' }],
    ['phone-light', { scheme: 'light', phone: true, language: 'fr' }],
    ['phone-dark', { scheme: 'dark', phone: true }],
] as const;

describe.each(looks)('%s', (look, wish) => {
    it('is photographed', async () => {
        const bob = await Person.arrive(daemon, 'bob');
        await bob.logIn();
        const alice = await Person.arrive(daemon, 'alice', wish);
        const { page, t } = alice;
        const shoot = async (name: string) => {
            await page.evaluate(() => document.fonts.ready);
            await page.waitForTimeout(400);
            await page.screenshot({ path: join(folder, `${look}-${name}.png`) });
        };
        await page.goto('/login');
        await shoot('login');
        await page.goto('/register');
        await page.getByLabel(t.password, { exact: true }).fill('correct horse');
        await shoot('register');
        await alice.logIn();
        await shoot('home');
        await page.getByRole('link', { name: t.people }).click();
        await page.getByRole('list', { name: t.people }).getByRole('link').first().waitFor();
        await shoot('people');
        await page.goto(`/c/${house.conversation}`);
        await alice.sees('Perfect, see you there.');
        await shoot('conversation');
        if (look === 'desktop-light' || look === 'phone-dark') {
            const [size] = look.split('-');
            await page.screenshot({
                path: join(root, `www/doc/${size}.jpg`),
                type: 'jpeg',
                quality: 82,
                scale: 'css',
            });
        }
        await page.locator('[data-timeline] article').last().focus();
        await page.keyboard.press('Enter');
        await shoot('menu');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: t.formatting }).click();
        await alice.composer.fill('**So** it is:\n\n- one\n- `two`');
        await page.getByRole('button', { name: t.preview }).click();
        await shoot('preview');
        await page.getByRole('button', { name: t.preview }).click();
        await page.getByRole('button', { name: t.emoji }).click();
        await page.getByRole('dialog').getByRole('gridcell').first().waitFor();
        await shoot('emoji');
        await page.keyboard.press('Escape');
        await alice.composer.fill('');
        await page.goto('/settings');
        await page.getByText(t.thisSession).waitFor();
        await shoot('settings');
        await bob.leave();
        await alice.leave();
    });
});
