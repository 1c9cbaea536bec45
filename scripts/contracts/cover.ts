/**
 * Coverage of contracts/src by its tests: `node scripts/contracts/cover.ts [forge arguments]`. Prints a line per contract and exits 1
 * where fewer than 95 % of lines or 90 % of branches were run. Fuzzing is short here: coverage wants each path once.
 */
import { pathToFileURL } from 'node:url';
import { runForge } from './forge.ts';

const least = { lines: 95, branches: 90 } as const;

/** Percent of lines and branches that ran; a file without branches has all of them. */
export type Coverage = { file: string; lines: number; branches: number };

/** Reads the rows of `forge coverage --report summary` that are about contracts/src. */
export function parseCoverage(output: string): Coverage[] {
  const row = /^\| (contracts\/src\/\S+)\s*\|\s*([\d.]+)% \(\d+\/\d+\)\s*\|[^|]*\|\s*([\d.]+)% \((\d+)\/(\d+)\)/gm;
  return [...output.matchAll(row)].map(([, file, lines, branches, , all]) => ({
    file: file!.replace('contracts/src/', ''),
    lines: Number(lines),
    branches: all === '0' ? 100 : Number(branches),
  }));
}

export function isCovered({ lines, branches }: Coverage): boolean {
  return lines >= least.lines && branches >= least.branches;
}

async function main(): Promise<void> {
  const env = { FOUNDRY_FUZZ_RUNS: '16', FOUNDRY_INVARIANT_RUNS: '4', FOUNDRY_DYNAMIC_TEST_LINKING: 'false' };
  const args = ['coverage', '--root', '.', '--report', 'summary', '--no-match-contract', '^Gas'];
  const { status, stdout, stderr } = await runForge([...args, ...process.argv.slice(2)], { env });
  const rows = parseCoverage(stdout);
  if (status !== 0 || rows.length === 0) throw new Error(`no coverage:\n${stdout}${stderr}`);
  for (const row of rows) {
    const { file, lines, branches } = row;
    console.log(`${isCovered(row) ? 'ok ' : 'LOW'} ${file}: lines ${lines} %, branches ${branches} %`);
  }
  process.exitCode = rows.every(isCovered) ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
