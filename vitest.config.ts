import { defineConfig } from 'vitest/config';

/** Files that start a web server in their own process: its settings and caches are the process's, so each gets one alone. */
const withServer = ['worker/**/*.test.ts', 'app/**/*.test.{ts,tsx}'];
const exclude = ['**/node_modules/**', '**/.next/**', '**/.data/**'];

/**
 * Unit and integration tests stand beside the code as `x.test.ts`. PostgreSQL starts once for all of them
 * (scripts/test/global-setup.ts); each test file takes its own database and its own chain. Modules are loaded once for
 * many files, which spares a third of the run's time: state that outlives a test belongs to what the test opens and closes.
 */
export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['scripts/test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: a third file fills them while others wait for chains, windows and processes that come back.
    maxWorkers: 3,
    sequence: { hooks: 'stack' },
    env: { NODE_ENV: 'test' },
    projects: [
      { extends: true, test: { name: 'servers', include: withServer, exclude, isolate: true } },
      {
        extends: true,
        test: {
          name: 'modules',
          include: ['{lib,db,components,contracts,scripts}/**/*.test.{ts,tsx}'],
          exclude,
          isolate: false,
        },
      },
    ],
  },
});
