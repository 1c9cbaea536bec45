import { defineConfig } from 'vitest/config';

/**
 * Unit and integration tests stand beside the code as `x.test.ts`. PostgreSQL starts once for all of them
 * (scripts/test/global-setup.ts); each test file takes its own database and its own chain.
 */
export default defineConfig({
  test: {
    include: ['{lib,db,worker,app,components,contracts,scripts}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', '**/.next/**', '**/.data/**'],
    environment: 'node',
    globalSetup: ['scripts/test/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The target machine has two cores, and the engine's tests and anvil want one of them.
    maxWorkers: 2,
    sequence: { hooks: 'stack' },
    env: { NODE_ENV: 'test' },
  },
});
