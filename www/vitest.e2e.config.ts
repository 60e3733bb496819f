import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The browser journeys: one after the other, because each wants the machine for itself.
export default defineConfig({
    resolve: { alias: { '@': join(import.meta.dirname, 'src') } },
    test: {
        include: ['test/e2e/**/*.test.ts'],
        testTimeout: 120_000,
        hookTimeout: 60_000,
        fileParallelism: false,
    },
});
