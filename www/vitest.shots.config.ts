import journeys from './vitest.e2e.config';

// Not a test: pictures of every screen for people to look at, and the two of README.md.
export default {
    ...journeys,
    test: { ...journeys.test, include: ['test/shots/**/*.shot.ts'] },
};
