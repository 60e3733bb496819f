import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { en } from '../../src/lib/en';
import { password } from '../e2e/harness/daemon';
import { note } from './figures';
import type { House } from './house';

// Lighthouse's mobile marks of the login and of a conversation, logged in. Lighthouse is 150 packages
// that nobody else needs: it is fetched into build/tools when it is first asked for.

/** The last one for Node 20. */
const version = '12.8.2';
const tools = join(import.meta.dirname, '../../../build/tools/lighthouse');

interface Marks {
    lhr: {
        categories: Record<string, { score: number | null }>;
        runtimeError?: { code: string; message: string };
    };
}
type Lighthouse = (url: string, flags: object) => Promise<Marks>;

async function load(): Promise<Lighthouse> {
    const main = join(tools, 'node_modules/lighthouse/core/index.js');
    if (!existsSync(main)) {
        const parts = ['install', '--silent', '--no-audit', '--prefix', tools];
        execFileSync('npm', [...parts, `lighthouse@${version}`]);
    }
    const found = (await import(/* @vite-ignore */ pathToFileURL(main).href)) as {
        default: Lighthouse;
    };
    return found.default;
}

async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
}

export async function lighthouse(house: House): Promise<void> {
    const measure = await load();
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'salon-lighthouse-'));
    const context = await chromium.launchPersistentContext(folder, {
        executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
        locale: 'en-GB',
    });
    const marks = async (screen: string, path: string, performance: number) => {
        const { lhr } = await measure(`${house.daemon.url}${path}`, {
            port,
            disableStorageReset: true,
            onlyCategories: ['performance', 'accessibility', 'best-practices'],
            logLevel: 'error',
        });
        if (lhr.runtimeError) throw new Error(`${screen}: ${lhr.runtimeError.message}`);
        const mark = (name: string) => Math.round((lhr.categories[name]?.score ?? 0) * 100);
        note(`Lighthouse, performance: ${screen}`, mark('performance'), '', performance, true);
        note(`Lighthouse, accessibility: ${screen}`, mark('accessibility'), '', 100, true);
        note(`Lighthouse, best practices: ${screen}`, mark('best-practices'), '', 95, true);
    };
    try {
        await marks('login', '/login', 95);
        const page = await context.newPage();
        await page.goto(`${house.daemon.url}/login`);
        await page.getByLabel(en.usernameOrEmail).fill('alice');
        await page.getByLabel(en.password, { exact: true }).fill(password);
        await page.getByRole('button', { name: en.logIn }).click();
        await page.getByRole('navigation', { name: en.nav }).waitFor();
        await page.close();
        await marks('conversation', `/c/${house.conversations[0]}`, 90);
    } finally {
        await context.close();
        rmSync(folder, { recursive: true, force: true });
    }
}
