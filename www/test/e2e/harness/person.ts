import {
    chromium,
    type Browser,
    type BrowserContext,
    type Locator,
    type Page,
} from 'playwright-core';
import { Line } from './line';
import { password, type Daemon } from './daemon';

// A person with a browser of their own, who does what people do. Sentences of the screens come from
// the client's own dictionaries, so that the same story is told in both languages.

import { en, type Texts } from '../../../src/lib/en';
import { fr } from '../../../src/lib/fr';

export interface Wish {
    language?: 'en' | 'fr';
    phone?: boolean;
    scheme?: 'light' | 'dark';
    /** No service worker, so that a story can take files away. */
    keepsNoFiles?: boolean;
}

let browser: Browser | null = null;

export async function openBrowser(): Promise<Browser> {
    browser ??= await chromium.launch({
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    });
    return browser;
}

export async function closeBrowser(): Promise<void> {
    await browser?.close();
    browser = null;
}

export class Person {
    /** Everything that the page complained about, but for answers that a story expects. */
    readonly complaints: string[] = [];

    private constructor(
        readonly name: string,
        readonly t: Texts,
        readonly line: Line,
        readonly context: BrowserContext,
        readonly page: Page,
    ) {}

    static async arrive(daemon: Daemon, name: string, wish: Wish = {}): Promise<Person> {
        const line = await Line.to(daemon.port);
        const isFrench = wish.language === 'fr';
        const context = await (
            await openBrowser()
        ).newContext({
            baseURL: line.url,
            locale: isFrench ? 'fr-FR' : 'en-GB',
            colorScheme: wish.scheme ?? 'light',
            viewport: wish.phone ? { width: 360, height: 740 } : { width: 1280, height: 800 },
            ...(wish.phone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
        });
        const page = await context.newPage();
        page.setDefaultTimeout(20_000);
        if (wish.keepsNoFiles) {
            await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
        }
        const person = new Person(name, isFrench ? fr : en, line, context, page);
        page.on('pageerror', (error) => person.complaints.push(String(error)));
        page.on('console', (message) => {
            // A line that was cut is what some stories are about.
            if (message.type() !== 'error' || /ERR_|WebSocket/.test(message.text())) return;
            person.complaints.push(`${message.text()} ${message.location().url}`);
        });
        return person;
    }

    async leave(): Promise<void> {
        await this.context.close();
        this.line.close();
    }

    async register(): Promise<void> {
        const { page, t } = this;
        await page.goto('/register');
        await page.getByLabel(t.username, { exact: true }).fill(this.name);
        await page.getByLabel(t.password, { exact: true }).fill(password);
        await page.getByRole('button', { name: t.register }).click();
        await this.isHome();
    }

    async logIn(): Promise<void> {
        await this.page.goto('/login');
        await this.logInHere();
    }

    /** On the screen that the page shows already. */
    async logInHere(): Promise<void> {
        const { page, t } = this;
        await page.getByLabel(t.usernameOrEmail).fill(this.name);
        await page.getByLabel(t.password, { exact: true }).fill(password);
        await page.getByRole('button', { name: t.logIn }).click();
        await this.isHome();
    }

    async isHome(): Promise<void> {
        await this.page.getByRole('navigation', { name: this.t.nav }).waitFor();
    }

    async find(name: string): Promise<Locator> {
        const { page, t } = this;
        await page.getByRole('navigation').getByRole('link', { name: t.people }).click();
        await page.getByLabel(t.searchPeople).fill(name);
        return page
            .getByRole('list', { name: t.people })
            .getByRole('link')
            .filter({ hasText: `@${name}` });
    }

    async open(name: string): Promise<void> {
        await (await this.find(name)).click();
        await this.composer.waitFor();
    }

    get composer(): Locator {
        return this.page.getByRole('textbox', { name: this.t.composer('') });
    }

    async type(text: string): Promise<void> {
        await this.composer.fill(text);
    }

    async say(text: string): Promise<void> {
        await this.composer.fill(text);
        await this.composer.press('Enter');
    }

    /** A bubble with exactly this text. */
    bubble(text: string): Locator {
        return this.page.locator('[data-timeline] article').filter({
            has: this.page.locator('.prose', { hasText: new RegExp(`^${escape(text)}$`) }),
        });
    }

    async sees(text: string): Promise<void> {
        await this.comesIntoSight(this.bubble(text).first());
    }

    async seesTick(text: string, tick: string): Promise<void> {
        await this.comesIntoSight(this.bubble(text).locator(`[data-tick=${tick}]`));
    }

    /** What does not come is told with what is there instead. */
    private async comesIntoSight(awaited: Locator): Promise<void> {
        try {
            await awaited.waitFor();
        } catch (error) {
            const shown = await this.page.innerText('body').catch(() => 'nothing');
            throw new Error(`${this.name} sees at ${this.page.url()}:\n${shown}`, { cause: error });
        }
    }

    /** What is said in the open conversation, in order, as far as it is on the screen. */
    async transcript(): Promise<string[]> {
        return this.page.locator('[data-timeline] article .prose').allInnerTexts();
    }
}

function escape(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
