import { mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tailOf } from './run-command.ts';
import { runInOrder } from './run-in-order.ts';
import { type Suite, type SuiteResult, suites } from './suites.ts';

/**
 * `npm test [-- --only unit,e2e] [-- arguments of that suite]`: every suite, each with its time, some side by side. A failing one
 * does not stop the others. The last line is `N passed, N failed`; exit 1 when any failed.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const logs = join(root, 'test-results/logs');

process.on('disconnect', () => process.exit(1)); // scripts/test.mjs was killed
process.channel?.unref();

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const names = suites.map(({ name }) => name);
const wanted = values.only?.split(',') ?? names;
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  process.exit(2);
}

const alone = wanted.length === 1;
mkdirSync(logs, { recursive: true });
const total = { passed: 0, failed: 0 };
await runInOrder(
  suites.filter(({ name }) => wanted.includes(name)),
  runSuite,
);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

async function runSuite({ name, run }: Suite): Promise<void> {
  const logFile = join(logs, `${name}.log`);
  rmSync(logFile, { force: true });
  const begun = performance.now();
  const result = await run(logFile, { args: alone ? positionals : [], alone }).catch(crashed);
  total.passed += result.passed;
  total.failed += result.failed;
  print(name, result, performance.now() - begun, logFile);
}

function crashed(error: unknown): SuiteResult {
  return { passed: 0, failed: 1, details: [String((error as Error).stack ?? error)] };
}

function print(name: string, result: SuiteResult, elapsedMs: number, logFile: string): void {
  const mark = result.failed === 0 ? '✓' : '✗';
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  console.log(`  ${mark} ${name.padEnd(10)} ${time.padStart(8)}  ${result.passed} passed, ${result.failed} failed`);
  if (result.failed === 0) return;
  for (const detail of result.details ?? []) console.log(`      ${detail}`);
  console.log(`    the end of ${relative(root, logFile)}:`);
  console.log(tailOf(logFile, 40).replaceAll(/^/gm, '      '));
}
