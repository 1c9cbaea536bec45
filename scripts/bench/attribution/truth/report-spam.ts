import { rm } from 'node:fs/promises';
import type { BenchContext } from '../../main.ts';
import { ours } from './all-methods.ts';
import { greedyAnswers } from './answers.ts';
import { bootstrapMean } from './metrics/bootstrap.ts';
import { productShares, proportionalShares } from './paid-shares.ts';
import { openTrainer } from './retrain.ts';
import { methodInput } from './score-methods.ts';
import { spamRows } from './spam-rows.ts';
import { orderRows, type TruthData } from './truth-data.ts';
import { TruthPool } from './truth-pool.ts';

/**
 * What spam among real rows earns: the same rows and questions, spam between them, trained anew. By the product's rule, and if all
 * that is positive were paid; held against equal pay for every row.
 */
export async function reportSpam(
  context: BenchContext,
  data: TruthData,
  { cacheDir, seeds }: { cacheDir: string; seeds: number },
): Promise<void> {
  const honest = data.setting.examples.map((example, row) => ({
    ...{ example, contributor: data.contributors[data.owners[row]!]! },
  }));
  const spam = spamRows(data);
  const { modelDir, recipe } = data.setting;
  const mixed = { ...data, ...orderRows([...honest, ...spam], { modelDir, recipe }) };
  const trainer = await openTrainer(mixed.setting);
  const pool = new TruthPool(mixed.setting, trainer, { threads: context.threads, cacheDir });
  const scores: Float64Array[][] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const kept = new Uint8Array(mixed.owners.length).fill(1);
    const trained = await pool.train({ seed, kept });
    const answers = await greedyAnswers(trainer, trained.theta, mixed.questions, mixed.maxTokens);
    const input = await methodInput(mixed, trainer, { seed, trained, answers });
    scores.push(await ours.score(input));
    await rm(input.folder, { recursive: true });
  }
  const kinds = [...new Set(spam.map(({ contributor }) => contributor))];
  for (const [name, of] of [...kinds.map((kind) => [kind, [kind]] as const), ['all kinds', kinds] as const]) {
    const isOf = mixed.owners.map((contributor) => of.includes(mixed.contributors[contributor]!));
    const rows = isOf.filter(Boolean).length;
    const paid = (rule: (scores: Float64Array) => Float64Array) =>
      bootstrapMean(scores.map((answers) => answers.map((answer) => 100 * sumWhere(rule(answer), isOf))));
    const { value, ...interval } = paid(productShares);
    const label = `spam among real rows, ${name} (${rows} of ${isOf.length} rows): part of all pay`;
    const peer = { name: 'equal pay', value: (100 * rows) / isOf.length };
    context.emit({ case: label, value, unit: '%', interval, peer });
    const all = paid(proportionalShares).value;
    context.emit({ case: `${label}, if all that is positive were paid`, value: all, unit: '%', peer });
  }
  await pool.close();
  await trainer.sessions.release();
}

function sumWhere(values: Float64Array, isCounted: readonly boolean[]): number {
  return values.reduce((total, value, i) => total + (isCounted[i] ? value : 0), 0);
}
