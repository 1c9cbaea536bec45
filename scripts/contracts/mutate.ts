/**
 * Plants faults in the contracts, one at a time in a copy, and asks whether the suites notice:
 *
 *   node scripts/contracts/mutate.ts [ledger|channels|staking|registries|governance ...] [--jobs 2] [--only text]
 *
 * Prints who killed each mutant; exits 1 when fewer than 95 % die, a suite fails without a mutant, or a mutant fits no more.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { channelMutants } from './mutants/channel-mutants.ts';
import { copyProject } from './mutants/copy-project.ts';
import { governanceMutants } from './mutants/governance-mutants.ts';
import { ledgerMutants } from './mutants/ledger-mutants.ts';
import type { Mutant } from './mutants/mutant.ts';
import { registryMutants } from './mutants/registry-mutants.ts';
import { stakingMutants } from './mutants/staking-mutants.ts';
import { failing, tryMutant, type Verdict } from './mutants/try-mutant.ts';

const leastKilled = 0.95;
const subjects: Readonly<Record<string, readonly Mutant[]>> = {
  ledger: ledgerMutants,
  channels: channelMutants,
  staking: stakingMutants,
  registries: registryMutants,
  governance: governanceMutants,
};

/** Runs all mutants of a list with the same suites in one copy, so that forge compiles only what a mutant touches. */
async function runInCopy(folder: string, list: readonly Mutant[]): Promise<Verdict[]> {
  mkdirSync(folder, { recursive: true });
  const suites = list[0]!.suites;
  copyProject(folder, suites);
  const broken = await failing(folder, suites, 'without a mutant');
  if (broken.length > 0) throw new Error(`fails without a mutant: ${broken.join(', ')}`);
  const verdicts: Verdict[] = [];
  for (const mutant of list) {
    const verdict = await tryMutant(folder, mutant);
    console.log(
      `${verdict.killed ? 'killed  ' : 'SURVIVED'} ${verdict.name}${verdict.by[0] ? ` <- ${verdict.by[0]}` : ''}`,
    );
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Lists that share their suites, at most `size` long, so that several copies can work at once. */
function chunks(list: readonly Mutant[], size: number): Mutant[][] {
  const bySuites = Map.groupBy(list, ({ suites }) => suites.join());
  return [...bySuites.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, at) => group.slice(at * size, (at + 1) * size)),
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { jobs: { type: 'string', default: '2' }, only: { type: 'string', default: '' } },
    allowPositionals: true,
  });
  const names = positionals.length > 0 ? positionals : Object.keys(subjects);
  const list = names.flatMap((name) => subjects[name] ?? []).filter(({ name }) => name.includes(values.only));
  if (list.length === 0) throw new Error(`no mutants: name some of ${Object.keys(subjects).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'openledger-mutants-'));
  const queue = chunks(list, 12).entries();
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (const [at, chunk] of queue) verdicts.push(...(await runInCopy(join(folder, String(at)), chunk)));
  };
  try {
    await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const survivors = verdicts.filter(({ killed }) => !killed);
  const killed = verdicts.length - survivors.length;
  console.log(`${killed} of ${verdicts.length} mutants killed (${((100 * killed) / verdicts.length).toFixed(1)} %)`);
  for (const { name } of survivors) console.log(`survivor: ${name}`);
  process.exitCode = killed / verdicts.length >= leastKilled ? 0 : 1;
}

await main();
