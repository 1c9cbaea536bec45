/**
 * Plants faults in the contracts, one at a time in a copy, and asks whether the suites notice:
 *
 *   node scripts/contracts/mutate.ts [ledger|channels|staking|registries|governance|bounties ...] [--jobs 1] [--only text] [--write]
 *
 * Prints who killed each mutant. Verdicts are kept in contracts/cache, so a run that was stopped goes on and only what changed is tried
 * again. Exits 1 when fewer than 95 % die or a mutant proves nothing. `--write` keeps the result of a whole run in
 * contracts/snapshots/mutants.json.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './forge.ts';
import { allMutants } from './mutants/all-mutants.ts';
import type { Mutant } from './mutants/mutant.ts';
import { MutantLab } from './mutants/mutant-lab.ts';
import { tryMutant, type Verdict } from './mutants/try-mutant.ts';

const leastKilled = 0.95;

/** Tries all, `jobs` at a time, each in a copy of its own; answers in the order of the list. */
async function tryAll(list: readonly Mutant[], jobs: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = list.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    const lab = await MutantLab.open(mkdtempSync(join(tmpdir(), 'openledger-mutants-')));
    try {
      for (const [at, mutant] of queue) {
        const verdict = await tryMutant(lab, mutant);
        verdicts[at] = verdict;
        console.log(
          `[${++done}/${list.length}] ${verdict.outcome.padEnd(8)} ${verdict.name} <- ${verdict.by || 'nobody'}`,
        );
      }
    } finally {
      lab.close();
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return verdicts;
}

/** Prints the share of the killed and all others by name; whether it is enough. */
function judge(verdicts: readonly Verdict[]): boolean {
  const killed = verdicts.filter(({ outcome }) => outcome === 'killed').length;
  console.log(`${killed} of ${verdicts.length} mutants killed (${((100 * killed) / verdicts.length).toFixed(1)} %)`);
  for (const { name, outcome } of verdicts) if (outcome !== 'killed') console.log(`${outcome}: ${name}`);
  return killed / verdicts.length >= leastKilled && verdicts.every(({ outcome }) => outcome !== 'invalid');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      jobs: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      write: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const subjects = positionals.length > 0 ? positionals : Object.keys(allMutants);
  const list = subjects.flatMap((name) => allMutants[name] ?? []).filter(({ name }) => name.includes(values.only));
  if (list.length === 0) throw new Error(`no mutants: name some of ${Object.keys(allMutants).join(', ')}`);
  const verdicts = await tryAll(list, Number(values.jobs));
  process.exitCode = judge(verdicts) ? 0 : 1;
  if (!values.write) return;
  if (list.length !== Object.values(allMutants).flat().length) throw new Error('only a whole run is written');
  const killers = Object.fromEntries(verdicts.map(({ name, outcome, by }) => [name, outcome === 'killed' ? by : null]));
  writeFileSync(join(root, 'contracts/snapshots/mutants.json'), `${JSON.stringify(killers, null, 2)}\n`);
}

await main();
