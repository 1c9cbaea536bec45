import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { e2ePlace } from './scripts/test/e2e-place.ts';

/**
 * Journeys against the production build on a real chain, database and model, started by the launcher on a fresh data
 * folder of its own. `npm run e2e -- <name>` runs one. CHROMIUM_PATH names a browser; Debian's is found by itself.
 */
const chromium =
  process.env.CHROMIUM_PATH ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const isRoot = process.getuid?.() === 0;
// A running installation to test instead of one of our own; E2E_DATA_DIR then names its data folder.
const running = process.env.E2E_BASE_URL;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // The journeys share one installation and its accounts, and the machine has two cores.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 8 * 60_000,
  expect: { timeout: 20_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? 'test-results/playwright.json' }],
  ],
  use: {
    baseURL: running ?? e2ePlace.baseUrl,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      args: isRoot ? ['--no-sandbox'] : [], // Chromium's sandbox refuses root
    },
  },
  // In this order: the loop fills the installation that the others read; the kills come last, on one of their own.
  projects: ['loop', 'api', 'attribution', 'guests', 'refusals', 'kill'].map((name) => ({
    name,
    testMatch: `${name}.spec.ts`,
    use: { ...devices['Desktop Chrome'] },
  })),
  ...(!running && { webServer: ownInstallation() }),
});

function ownInstallation() {
  return {
    command: `"${process.execPath}" scripts/up/main.ts --port ${e2ePlace.port} --data-dir "${e2ePlace.dataDir}" --reset --yes`,
    url: `${e2ePlace.baseUrl}/api/health`,
    timeout: 10 * 60_000,
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 15_000 },
    stdout: 'pipe' as const,
    stderr: 'pipe' as const,
    // Short enough for a journey to see a whole period: earn, settle, wait out the window, claim.
    env: {
      REWARD_PERIOD_SECONDS: '20',
      CHALLENGE_WINDOW_SECONDS: '24',
      DATABASE_URL: '',
      RPC_URL: '',
      S3_ENDPOINT: '',
    },
  };
}
