import { defineConfig } from 'vitest/config';
import { nodeFlags } from './scripts/up/node-flags.mjs';

/**
 * Files that start servers or train: their caches and threads are the process's, so each gets one alone. The others share theirs, and
 * the modules in it.
 */
const alone = [
  'worker/**/*.test.ts',
  'app/**/*.test.{ts,tsx}',
  'db/**/*.test.ts',
  'scripts/{audit,bench,reproduce,up,verify}/**/*.test.ts',
  'lib/{attacks,attribution,audits,counterfactuals,engine,evaluation,fine-tuning,harm,model-factory,serving}/**/*.test.ts',
];
const never = ['**/node_modules/**', '**/.next/**', '**/.data/**'];

/**
 * Unit and integration tests stand beside the code as `x.test.ts`. PostgreSQL starts once for all of them
 * (scripts/test/global-setup.ts); each test file takes its own database and its own chain. Modules are loaded once for
 * many of the files, which spares time: state that outlives a test belongs to what the test opens and closes.
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
    // See scripts/up/node-flags.mjs.
    execArgv: [...nodeFlags],
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude: never, isolate: true } },
      {
        extends: true,
        test: {
          name: 'together',
          include: ['{lib,db,components,contracts,scripts}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...alone],
          isolate: false,
        },
      },
    ],
  },
});
