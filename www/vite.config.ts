import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const daemon = process.env['SALON_URL'] ?? 'http://127.0.0.1:8080';

/** The emoji picker's data, served by Salon itself; shortcodes are tags, as ":heart:". */
function emojiData(): Plugin {
    const files = ['en', 'fr'].flatMap((language) =>
        ['data.json', 'messages.json'].map((name) => `${language}/${name}`),
    );
    const read = (file: string) =>
        readFileSync(join(root, 'node_modules/emojibase-data', file), 'utf8');
    const codes = JSON.parse(read('en/shortcodes/github.json')) as Record<string, string | string[]>;
    const source = (file: string) => {
        if (!file.endsWith('/data.json')) return read(file);
        const emojis = JSON.parse(read(file)) as { hexcode: string; tags?: string[] }[];
        for (const emoji of emojis) {
            const own = [codes[emoji.hexcode] ?? []].flat().map((code) => `:${code}:`);
            emoji.tags = [...(emoji.tags ?? []), ...own];
        }
        return JSON.stringify(emojis);
    };
    return {
        name: 'salon-emoji',
        configureServer(server) {
            server.middlewares.use('/emoji/', (request, response, next) => {
                const file = files.find((each) => request.url === `/${each}`);
                if (!file) return next();
                response.setHeader('Content-Type', 'application/json').end(source(file));
            });
        },
        generateBundle() {
            for (const file of files) {
                this.emitFile({ type: 'asset', fileName: `emoji/${file}`, source: source(file) });
            }
        },
    };
}

function filesOf(folder: string): string[] {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path).isFile());
}

/** sw.js at the root, with the list of the shell's files and their digest; then .br and .gz. */
function finish(): Plugin {
    let out = '';
    return {
        name: 'salon-finish',
        apply: 'build',
        configResolved(config) {
            out = config.build.outDir;
        },
        async closeBundle() {
            const dist = join(root, out);
            const shell = filesOf(dist)
                .map((path) => path.slice(dist.length).replaceAll('\\', '/'))
                .filter((path) => /^\/(assets\/|icon|manifest)/.test(path))
                .filter((path) => !/latin-ext|\.map$/.test(path))
                .sort();
            const digest = createHash('sha256');
            digest.update(readFileSync(join(dist, 'index.html')));
            for (const path of shell) digest.update(readFileSync(join(dist, path)));
            await build({
                configFile: false,
                root,
                logLevel: 'warn',
                publicDir: false,
                define: {
                    __SHELL__: JSON.stringify(['/', ...shell]),
                    __VERSION__: JSON.stringify(digest.digest('hex').slice(0, 16)),
                },
                build: {
                    emptyOutDir: false,
                    outDir: dist,
                    target: 'es2022',
                    lib: {
                        entry: join(root, 'sw/sw.ts'),
                        formats: ['es'],
                        fileName: () => 'sw.js',
                    },
                },
            });
            for (const path of filesOf(dist)) {
                if (!/\.(js|css|html|json|svg|webmanifest)$/.test(path)) continue;
                const text = readFileSync(path);
                if (text.length < 1024) continue;
                writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
                const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
                writeFileSync(`${path}.br`, brotliCompressSync(text, { params }));
            }
        },
    };
}

export default defineConfig({
    root,
    plugins: [react(), tailwindcss(), emojiData(), finish()],
    resolve: { alias: { '@': join(root, 'src') } },
    build: {
        target: 'es2022',
        outDir: 'dist',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
    },
    server: {
        host: '127.0.0.1',
        port: 5173,
        proxy: {
            '/api': daemon,
            '/ws': { target: daemon, ws: true },
        },
    },
    test: { include: ['test/unit/**/*.test.{ts,tsx}'], environment: 'node' },
});
