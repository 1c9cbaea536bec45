import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runForge } from '../forge.ts';
import { parseCounts } from '../test.ts';
import { type Mutant, plant } from './mutant.ts';
import { reachOf } from './test-reach.ts';
import { startWarmCompiler } from './warm-compiler.ts';

/**
 * A fault is a fault at any size of code, and solc is several times as fast without its optimizer; linked at run time, tests need not be
 * compiled again for every fault. The seed makes a verdict the same tomorrow.
 */
const env = {
  FOUNDRY_OPTIMIZER: 'false',
  FOUNDRY_DYNAMIC_TEST_LINKING: 'true',
  FOUNDRY_FUZZ_RUNS: '32',
  FOUNDRY_INVARIANT_RUNS: '16',
  FOUNDRY_FUZZ_SEED: '0x6f70656e',
} as const;

/** Kept over runs, so that a run can be stopped and goes on where it was. */
const cache = join(root, 'contracts/cache/mutants');

/** A copy of the contracts in which faults can be planted. */
export class MutantLab {
  readonly #folder: string;
  readonly #compiler: ChildProcess;

  private constructor(folder: string, compiler: ChildProcess) {
    this.#folder = folder;
    this.#compiler = compiler;
  }

  static async open(folder: string): Promise<MutantLab> {
    for (const path of ['contracts/src', 'contracts/test', 'contracts/foundry.toml', 'scripts/contracts/solc.cjs']) {
      cpSync(join(root, path), join(folder, path), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(cache, { recursive: true });
    return new MutantLab(folder, await startWarmCompiler(folder, join(folder, 'scripts/contracts/solc.cjs')));
  }

  /**
   * Names of the tests of `suites` that fail with `mutant` in its place; forge stops at the first. Answers from the cache when the same
   * fault met the same sources, tests and settings before. Throws when nothing could be compiled or no test ran.
   */
  async failing(suites: readonly string[], mutant?: Mutant): Promise<string[]> {
    const kept = join(cache, `${this.#keyOf(suites, mutant)}.json`);
    if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as string[];
    const names = await this.#runWith(suites, mutant);
    writeFileSync(kept, JSON.stringify(names));
    return names;
  }

  close(): void {
    this.#compiler.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** All that a verdict depends on: settings, the fault, and every source in this copy that the suites reach. */
  #keyOf(suites: readonly string[], mutant?: Mutant): string {
    const contracts = join(this.#folder, 'contracts');
    const reached = new Set(suites.flatMap((suite) => reachOf(`test/${suite}.sol`, contracts)));
    const hash = createHash('sha256').update(
      JSON.stringify([env, suites, mutant?.file, mutant?.search, mutant?.replace]),
    );
    for (const path of ['foundry.toml', ...[...reached].sort()])
      hash.update(path).update(readFileSync(join(contracts, path)));
    return hash.digest('hex').slice(0, 32);
  }

  async #runWith(suites: readonly string[], mutant?: Mutant): Promise<string[]> {
    if (!mutant) return await runSuites(this.#folder, suites, 'without a mutant');
    const path = join(this.#folder, 'contracts/src', mutant.file);
    const original = readFileSync(path, 'utf8');
    writeFileSync(path, plant(mutant, original));
    try {
      return await runSuites(this.#folder, suites, mutant.name);
    } finally {
      writeFileSync(path, original);
    }
  }
}

async function runSuites(cwd: string, suites: readonly string[], what: string): Promise<string[]> {
  const paths = suites.length === 1 ? suites[0] : `{${suites.join(',')}}`;
  const args = ['test', '--root', '.', '--match-path', `contracts/test/${paths}.sol`, '--fail-fast', '--threads', '1'];
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
