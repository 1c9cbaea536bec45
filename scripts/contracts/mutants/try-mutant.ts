import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runForge } from '../forge.ts';
import { parseCounts } from '../test.ts';
import type { Mutant } from './mutant.ts';

/** `by` names the tests that failed; a mutant that does not compile or runs no test is a fault of the list. */
export type Verdict = { name: string; killed: boolean; by: string[] };

/** Without the optimizer solc is several times as fast, and a fault is a fault at any size of code. */
const env = { FOUNDRY_OPTIMIZER: 'false', FOUNDRY_FUZZ_RUNS: '32', FOUNDRY_INVARIANT_RUNS: '16' };

/**
 * Plants a mutant in the copy at `cwd`, runs its suites, and takes it out again. Invariants, which are slow, are asked only when
 * all other tests passed. Throws when `search` does not occur exactly once, or when no test ran.
 */
export async function tryMutant(cwd: string, mutant: Mutant): Promise<Verdict> {
  const path = join(cwd, 'contracts/src', mutant.file);
  const original = readFileSync(path, 'utf8');
  const parts = original.split(mutant.search);
  if (parts.length !== 2) throw new Error(`${mutant.name}: found ${parts.length - 1} times in ${mutant.file}`);
  writeFileSync(path, parts.join(mutant.replace));
  try {
    const isInvariant = (suite: string) => suite.includes('.invariant.');
    for (const suites of [mutant.suites.filter((s) => !isInvariant(s)), mutant.suites.filter(isInvariant)]) {
      if (suites.length === 0) continue;
      const by = await failing(cwd, suites, mutant.name);
      if (by.length > 0) return { name: mutant.name, killed: true, by };
    }
    return { name: mutant.name, killed: false, by: [] };
  } finally {
    writeFileSync(path, original);
  }
}

/** Names of the tests that fail; at least one name when any did. Throws when none ran. */
export async function failing(cwd: string, suites: readonly string[], what: string): Promise<string[]> {
  const paths = suites.length === 1 ? suites[0] : `{${suites.join(',')}}`;
  const args = ['test', '--root', '.', '--match-path', `contracts/test/${paths}.sol`, '--fail-fast'];
  args.push('--no-match-contract', 'OpenTokenTest'); // the same suites on a second token
  const { stdout, stderr } = await runForge(args, { cwd, env });
  const counts = parseCounts(stdout);
  if (!counts || counts.passed + counts.failed === 0) throw new Error(`${what}: no test ran\n${stdout}${stderr}`);
  if (counts.failed === 0) return [];
  const names = [...stdout.matchAll(/^\[FAIL[^\n]*\] (\w+)\(/gm)].map(([, name]) => name!);
  const invariants = [...stdout.matchAll(/^ ?(invariant_\w+)\(/gm)].map(([, name]) => name!);
  const all = [...new Set([...names, ...invariants])];
  return all.length > 0 ? all : ['unnamed'];
}
