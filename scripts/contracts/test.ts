/**
 * Runs the Solidity tests: `node scripts/contracts/test.ts [forge test arguments]`. Ends with one JSON line,
 * {"suite":"contracts","passed":n,"failed":n,"skipped":n}; exits 1 on any failure, also when no test ran.
 */
import { pathToFileURL } from 'node:url';
import { runForge } from './forge.ts';

export type TestCounts = { suite: 'contracts'; passed: number; failed: number; skipped: number };

/** Reads forge's closing line; it is the only place where invariants count the same as tests. */
export function parseCounts(output: string): TestCounts | null {
  const line = /(\d+) tests? passed, (\d+) failed, (\d+) skipped/.exec(output);
  if (!line) return null;
  return { suite: 'contracts', passed: Number(line[1]), failed: Number(line[2]), skipped: Number(line[3]) };
}

/** Runs forge test and echoes it. `ok` is false when forge failed, a test failed or none ran. */
export async function testContracts(args: readonly string[] = []): Promise<{ ok: boolean; counts: TestCounts }> {
  const { status, stdout } = await runForge(['test', '--root', '.', ...args], { echo: true });
  const counts = parseCounts(stdout) ?? { suite: 'contracts', passed: 0, failed: 0, skipped: 0 };
  return { ok: status === 0 && counts.failed === 0 && counts.passed > 0, counts };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { ok, counts } = await testContracts(process.argv.slice(2));
  if (counts.passed + counts.failed === 0) console.error('contracts: no tests ran');
  console.log(JSON.stringify(counts));
  process.exitCode = ok ? 0 : 1;
}
