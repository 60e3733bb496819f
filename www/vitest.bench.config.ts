import journeys from './vitest.e2e.config';

// Not a test: what the client costs, in numbers, for ./dev bench --client.
export default {
    ...journeys,
    test: {
        ...journeys.test,
        include: ['test/bench/**/*.measure.ts'],
        testTimeout: 600_000,
        hookTimeout: 300_000,
    },
};
