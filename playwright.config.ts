import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { e2ePlace } from './scripts/test/e2e-place.ts';

/**
 * Journeys against the production build on a real chain, database and model, started by the launcher on a fresh data
 * folder of its own. `npm run e2e -- <name>` runs one. CHROMIUM_PATH names a browser; Debian's is found by itself.
 */
const chromium =
  process.env.CHROMIUM_PATH ??
  ['chromium-headless-shell', 'chromium', 'google-chrome'].map((name) => `/usr/bin/${name}`).find(existsSync);
const isRoot = process.getuid?.() === 0;
// A running installation to test instead of one of our own; E2E_DATA_DIR then names its data folder.
const running = process.env.E2E_BASE_URL;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  // Journeys wait most of their time, for periods, windows and clocks of the chain; three side by side keep two cores busy.
  workers: 3,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 8 * 60_000,
  expect: { timeout: 40_000 }, // on a busy machine
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ?? 'test-results/playwright.json' }],
  ],
  use: {
    baseURL: running ?? e2ePlace.baseUrl,
    // A film of every page takes as much of the processor as the page. `npm run e2e -- <name> --trace on` makes one.
    trace: 'off',
    screenshot: 'only-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(chromium && { executablePath: chromium }),
      // Chromium's sandbox refuses root; without a graphics card a GPU process only draws everything twice.
      args: ['--disable-gpu', ...(isRoot ? ['--no-sandbox'] : [])],
    },
  },
  // In this order: the loop fills the installation that the others read, meanwhile the kills strike one of their own and the
  // economy waits for its clocks; long ones first, then the short. Each has people of its own, so that no two send as one account.
  projects: [
    ...['loop', 'kill', 'economy', 'datanets', 'guests'],
    ...['factory', 'attribution', 'threads', 'api', 'refusals'],
  ].map((name) => ({
    name,
    testMatch: `${name}{,-*}.spec.ts`,
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
      CHALLENGE_WINDOW_SECONDS: '36', // as a person needs to see a root, and to challenge it
      DEVNET_DAY_SECONDS: String(e2ePlace.daySeconds),
      // No journey waits for a certificate, and what can be spent on one here ends as too dear: all of them stay asked for.
      AUDIT_CPU_SECONDS_PER_DAY: '0',
      DATABASE_URL: '',
      RPC_URL: '',
      S3_ENDPOINT: '',
    },
  };
}
