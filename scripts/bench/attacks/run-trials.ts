import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttackRules } from '#lib/attacks/attack-rules.ts';
import { sandboxMethod } from '#lib/attacks/limits.ts';
import { runAttack } from '#lib/attacks/run-attack.ts';
import type { AttackName, AttackResult } from '#lib/attacks/types.ts';
import { attributionMethod } from '#lib/engine/attribution/index-header.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import { engineVersion } from '#lib/engine/train/engine-version.ts';
import type { DatasetRule } from '#lib/model-factory/choose-training-set.ts';
import { openAttackEngine } from '#worker/jobs/attack-engine.ts';
import { sandboxRules } from '#worker/jobs/attack-rules.ts';
import { attackModelDir, attackRecipe, attackWorld } from './attack-world.ts';

/** Rules under which attacks are tried: ours, and those that people see elsewhere. */
export const arms = {
  ours: {},
  'every row trained on': { rule: 'all-rows/1' },
  'no noise cut': { hasCut: false },
} as const satisfies Record<string, { rule?: DatasetRule; hasCut?: boolean }>;
export type Arm = keyof typeof arms;

/** `draw`: which of the attack's random choices, see `AttackInput`. */
export type Trial = { arm: Arm; attack: AttackName; seed: number; draw: number };
export type TrialResult = Trial & { result: AttackResult };

const cacheDir = fileURLToPath(new URL('../../../.cache/attacks', import.meta.url));
const dataPpm = 600_000;

/**
 * Runs trials seed by seed; those of a seed share the honest world's model and each other's. Results are kept by all that
 * decides them, so that a run that was stopped goes on and a second one is free.
 */
export async function runTrials(trials: readonly Trial[], log: (remark: string) => void): Promise<TrialResult[]> {
  const modelDir = await attackModelDir();
  const results: TrialResult[] = [];
  for (const seed of [...new Set(trials.map((trial) => trial.seed))]) {
    const ofSeed = trials.filter((trial) => trial.seed === seed);
    const known = await Promise.all(ofSeed.map((trial) => readTrial(trial, modelDir)));
    const open = ofSeed.filter((_, i) => known[i] === null);
    const fresh = open.length > 0 ? await runSeed(seed, open, modelDir) : [];
    if (fresh.length > 0) log(`seed ${seed}: ${fresh.length} trials run, ${ofSeed.length - fresh.length} kept`);
    results.push(...known.filter((trial) => trial !== null), ...fresh);
  }
  return results;
}

async function runSeed(seed: number, trials: Trial[], modelDir: string): Promise<TrialResult[]> {
  const workDir = await mkdtemp(join(tmpdir(), 'attacks-'));
  const engine = await openAttackEngine({
    ...{ modelDir, workDir, recipe: attackRecipe, threads: 1, maxTokens: 24 },
    // Planted facts cannot be guessed, so that no held-out loss falls: whether a run learnt is asked of rows that it saw.
    train: (job) => runAdapterTraining({ ...job, evaluation: job.train.slice(0, 8) }, () => false),
  });
  const results: TrialResult[] = [];
  try {
    for (const trial of trials) {
      const rules: AttackRules = sandboxRules(arms[trial.arm]);
      const world = attackWorld(String(seed));
      const { attack, draw } = trial;
      const result = await runAttack(engine, rules, { ...world, attack, seed: String(seed), draw, dataPpm });
      results.push(await keepTrial({ ...trial, result }, modelDir));
    }
  } finally {
    await engine.close();
    await rm(workDir, { recursive: true });
  }
  return results;
}

function fileOf({ arm, attack, seed, draw }: Trial, modelDir: string): string {
  const decisive = [
    engineVersion,
    attributionMethod,
    sandboxMethod,
    basename(modelDir), // named by its content
    attackRecipe,
    attackWorld(String(seed)),
    dataPpm,
  ];
  const key = createHash('sha256')
    .update(JSON.stringify([decisive, arms[arm], attack, seed, ...(draw === 0 ? [] : [draw])]))
    .digest('hex')
    .slice(0, 24);
  return join(cacheDir, `${key}.json`);
}

async function readTrial(trial: Trial, modelDir: string): Promise<TrialResult | null> {
  const text = await readFile(fileOf(trial, modelDir), 'utf8').catch(() => null);
  return text === null ? null : { ...trial, result: JSON.parse(text) as AttackResult };
}

async function keepTrial(trial: TrialResult, modelDir: string): Promise<TrialResult> {
  await mkdir(cacheDir, { recursive: true });
  await writeFile(fileOf(trial, modelDir), JSON.stringify(trial.result));
  return trial;
}
