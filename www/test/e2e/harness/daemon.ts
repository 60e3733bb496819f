import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The real daemon, in a temporary folder and on a free port of 127.0.0.1, with the built client.

const www = join(import.meta.dirname, '../../..');
const program = process.env['SALOND'] ?? join(www, '../build/release/salond');

export interface Account {
    id: number;
    name: string;
    token: string;
}

export const password = 'correct horse battery';

/** Starts the program, and resolves with its port when it listens. */
async function listening(process_: ChildProcess): Promise<number> {
    let log = '';
    return new Promise<number>((resolve, reject) => {
        const deadline = setTimeout(
            () => reject(new Error(`salond is not ready:\n${log}`)),
            30_000,
        );
        process_.once('error', reject);
        process_.once('exit', () => reject(new Error(`salond ended:\n${log}`)));
        process_.stderr!.on('data', (text: Buffer) => {
            log += text.toString();
            const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(log);
            if (!found) return;
            clearTimeout(deadline);
            resolve(Number(found[1]));
        });
    });
}

export class Daemon {
    private process!: ChildProcess;
    port = 0;

    private constructor(
        private readonly folder: string,
        private readonly defines: Record<string, string>,
    ) {}

    static async start(defines: Record<string, string> = {}): Promise<Daemon> {
        const folder = mkdtempSync(join(tmpdir(), 'salon-e2e-'));
        const daemon = new Daemon(folder, {
            'http.port': '0',
            'metrics.port': '0',
            'store.url': `sqlite:${folder}/salon.db`,
            'auth.key_file': `${folder}/salon.key`,
            'auth.register_limit': '0',
            'presence.grace': '300ms',
            'web.root': join(www, 'dist'),
            ...defines,
        });
        await daemon.run();
        return daemon;
    }

    private async run(): Promise<void> {
        const options = Object.entries(this.defines).flatMap(([key, value]) => [
            '--define',
            `${key}=${value}`,
        ]);
        this.process = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
        this.port = await listening(this.process);
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    private async end(): Promise<void> {
        const ended = new Promise((resolve) => this.process.once('exit', resolve));
        this.process.kill('SIGTERM');
        await ended;
    }

    async stop(): Promise<void> {
        await this.end();
        rmSync(this.folder, { recursive: true, force: true });
    }

    /** Does something with the database's file while no daemon has it. */
    async pause(what: (database: string) => void): Promise<void> {
        await this.end();
        what(join(this.folder, 'salon.db'));
        await this.run();
    }

    async call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
        const answer = await fetch(`${this.url}/api/v1${path}`, {
            method,
            headers: {
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
                ...(token ? { Authorization: `Bearer ${token}` } : {}),
            },
            body: body === undefined ? null : JSON.stringify(body),
        });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
        return (text ? JSON.parse(text) : undefined) as T;
    }

    async register(name: string, more: Record<string, unknown> = {}): Promise<Account> {
        const body = { username: name, password, cookie: false, ...more };
        const { user, access_token } = await this.call<{
            user: { id: number };
            access_token: string;
        }>('POST', '/auth/register', body);
        return { id: user.id, name, token: access_token };
    }

    /** The one conversation of two. */
    async conversation(one: Account, other: Account): Promise<number> {
        const body = { with: other.id };
        const { id } = await this.call<{ id: number }>('POST', '/conversations', body, one.token);
        return id;
    }

    async say(from: Account, conversation: number, content: string, id: string): Promise<number> {
        const path = `/conversations/${conversation}/messages`;
        const answer = await this.call<{ id: number }>('POST', path, { id, content }, from.token);
        return answer.id;
    }
}
