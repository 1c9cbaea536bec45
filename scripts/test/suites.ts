import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from '../up/build-web.ts';
import { freePort } from '../up/ports.ts';
import { ensureChromium } from './chromium.ts';
import { runCommand } from './run-command.ts';

/** What a suite found. `details` are lines for the person who has to repair it. */
export type SuiteResult = { passed: number; failed: number; details?: string[] };
export type Suite = {
  name: string;
  /** Names of suites that must have ended, well or not, before this one begins. */
  after: readonly string[];
  /** `args` are of the command that runs the tests; `alone` when no other suite was asked for: somebody works on this one. */
  run(logFile: string, options: { args: readonly string[]; alone: boolean }): Promise<SuiteResult>;
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const node = process.execPath;
const modules = (path: string) => join(root, 'node_modules', path);
const resultsDir = join(root, 'test-results');
/** For suites that run beside the unit tests, which have time limits of their own. */
const yielding = { cwd: root, niceness: 10 };

/**
 * What runs, and after which others (those must stand before it here). Two at a time by this order: what has to be built and looked at
 * beside the unit tests, to which it yields the processor; then the journeys. The contracts need nothing of the others: they take what
 * the processor has left from the build to the end.
 */
export const suites: readonly Suite[] = [
  { name: 'unit', after: [], run: runVitest },
  single('types', [], [modules('typescript/bin/tsc'), '--noEmit']),
  single(
    'lint',
    ['types'],
    [modules('@biomejs/biome/bin/biome'), 'check', '--diagnostic-level=error', '--max-diagnostics=50', '.'],
  ),
  { name: 'checks', after: ['lint'], run: runChecks },
  { name: 'build', after: ['checks'], run: runBuild },
  { name: 'contracts', after: ['build'], run: runContracts },
  { name: 'e2e', after: ['unit', 'build'], run: runPlaywright },
];

/** A suite that is one command and counts as one test. */
function single(name: string, after: readonly string[], args: readonly string[]): Suite {
  return { name, after, run: async (logFile) => one(await runCommand(node, args, { ...yielding, logFile })) };
}

function one(code: number): SuiteResult {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Boundaries, sizes, server actions, settings, generated ABIs: one test each. */
async function runChecks(logFile: string): Promise<SuiteResult> {
  const code = await runCommand(node, ['scripts/check/main.ts'], { ...yielding, logFile });
  const output = readFileSync(logFile, 'utf8');
  const count = (word: string) => output.match(new RegExp(`^${word} \\w+$`, 'gm'))?.length ?? 0;
  return atLeastAFailure({ passed: count('passed'), failed: count('failed') }, code);
}

async function runVitest(logFile: string, { args }: { args: readonly string[] }): Promise<SuiteResult> {
  const report = join(resultsDir, 'vitest.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runCommand(node, [modules('vitest/vitest.mjs'), 'run', ...reporters, ...args], {
    cwd: root,
    logFile,
  });
  type File = {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string }[];
  };
  const found = readJson<{ testResults: File[] }>(report)?.testResults ?? [];
  const tests = found.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  // A file that cannot even be loaded has no tests; it counts as one that failed. Skipped tests prove nothing.
  const broken = found.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const failures = tests.filter(({ status }) => status !== 'passed');
  const details = [
    ...broken.map(({ name }) => `cannot be loaded: ${name}`),
    ...failures.map(({ fullName }) => fullName),
  ];
  return atLeastAFailure({ passed, failed: failures.length + broken.length, details }, code);
}

/** Forge's last line: `Ran 12 test suites in 3.21s: 140 tests passed, 0 failed, 0 skipped (140 total tests)`. */
async function runContracts(logFile: string): Promise<SuiteResult> {
  const code = await runCommand(node, ['scripts/contracts/test.ts'], { ...yielding, niceness: 19, logFile });
  const totals = [...readFileSync(logFile, 'utf8').matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped/g)].at(
    -1,
  );
  if (!totals) return one(code === 0 ? 1 : code); // no tests ran, whatever the exit code says
  const [passed = 0, failed = 0, skipped = 0] = totals.slice(1).map(Number);
  return atLeastAFailure({ passed, failed: failed + skipped }, code);
}

async function runBuild(logFile: string): Promise<SuiteResult> {
  try {
    await buildWeb(root, { env: {}, logFile });
    return { passed: 1, failed: 0 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

async function runPlaywright(
  logFile: string,
  { args, alone }: { args: readonly string[]; alone: boolean },
): Promise<SuiteResult> {
  const chromium = await ensureChromium(logFile);
  if ('missing' in chromium) return { passed: 0, failed: 1, details: [chromium.missing] };
  const report = join(resultsDir, 'playwright.json');
  rmSync(report, { force: true });
  const env = {
    ...(chromium.path && { CHROMIUM_PATH: chromium.path }),
    E2E_PORT: process.env.E2E_PORT ?? String(await freePort()),
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    E2E_PICTURES: process.env.E2E_PICTURES ?? (alone ? '1' : '0'),
  };
  const command = [modules('@playwright/test/cli.js'), 'test', ...args];
  const code = await runCommand(node, command, { cwd: root, logFile, env });
  const stats = readJson<{ stats: Record<'expected' | 'unexpected' | 'flaky' | 'skipped', number> }>(report)?.stats;
  // One that passed only when repeated, or was not run, is not a pass.
  const failed = stats ? stats.unexpected + stats.flaky + stats.skipped : 0;
  return atLeastAFailure({ passed: stats?.expected ?? 0, failed }, code);
}

/** A command that failed without naming a failed test still failed; one that ran nothing did, too. */
function atLeastAFailure(result: SuiteResult, code: number): SuiteResult {
  const silent = result.failed === 0 && (code !== 0 || result.passed === 0);
  return silent ? { ...result, failed: 1 } : result;
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
