import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agreement, byOwner, methodAgreement } from './agreement.ts';
import { gradients } from './example-passes.ts';
import type { SeedTruth, Truth } from './measure-truth.ts';
import type { Method, MethodInput } from './methods/method.ts';
import { mean } from './metrics/correlation.ts';
import { cutShares, productShares, proportionalShares } from './paid-shares.ts';
import type { TruthTrainer } from './retrain.ts';
import type { TruthData } from './truth-data.ts';

/** One method on all seeds. */
export type Scored = {
  method: Method;
  /** By seed and answer: [rows]. */
  scores: Float64Array[][];
  agreements: Agreement[][];
  /** Shares of the rows that the method would pay, by seed and answer. */
  shares: Float64Array[][];
};

/**
 * Scores all answers by all methods. The product pays by its own rule; a baseline pays in proportion to its positive scores, or
 * behind the product's noise cut, whichever comes closer to the true shares.
 */
export async function scoreMethods(
  data: TruthData,
  trainer: TruthTrainer,
  truth: Truth,
  methods: readonly { method: Method; isProduct: boolean }[],
): Promise<Scored[]> {
  const inputs = await Promise.all(truth.seeds.map((seed) => methodInput(data, trainer, seed)));
  const scored: Scored[] = [];
  for (const { method, isProduct } of methods) {
    const bySeed: Float64Array[][] = [];
    for (const input of inputs) bySeed.push(await method.score(input));
    const rules = isProduct ? [productShares] : [proportionalShares, cutShares];
    const candidates = rules.map((rule) => agreementsOf(data, truth, method, bySeed, rule));
    scored.push(candidates.toSorted((a, b) => distanceOf(a) - distanceOf(b))[0]!);
  }
  for (const { folder } of inputs) await rm(folder, { recursive: true });
  return scored;
}

function agreementsOf(
  data: TruthData,
  truth: Truth,
  method: Method,
  bySeed: Float64Array[][],
  rule: (scores: Float64Array) => Float64Array,
): Scored {
  const shares = bySeed.map((answers) => answers.map(rule));
  const agreements = bySeed.map((answers, seed) =>
    answers.map((scores, answer) => {
      const paid = byOwner(shares[seed]![answer]!, data.owners, data.contributors.length);
      const effects = truth.seeds[seed]!.effects[seed]!;
      return methodAgreement(truth, effects, answer, scores, { shares: paid, owners: data.owners });
    }),
  );
  return { method, scores: bySeed, agreements, shares };
}

function distanceOf({ agreements }: Scored): number {
  return mean(agreements.flat().map(({ distance }) => distance));
}

/** What methods are told of one seed's model. Its `folder` is the caller's to remove. */
export async function methodInput(
  data: TruthData,
  trainer: TruthTrainer,
  { seed, trained, answers }: Pick<SeedTruth, 'seed' | 'trained' | 'answers'>,
): Promise<MethodInput> {
  const { theta, v, checkpoints } = trained;
  return {
    ...{ trainer, modelDir: data.setting.modelDir, examples: data.setting.examples, answers, theta, checkpoints, seed },
    reach: trainer.reach(v),
    rowGradients: await gradients(trainer, theta, trainer.train.examples),
    answerGradients: await gradients(
      trainer,
      theta,
      answers.map(({ example }) => example),
    ),
    rowTexts: data.rowTexts,
    answerTexts: answers.map(({ id, text }) => `${data.textOf(id)} ${text}`),
    folder: await mkdtemp(join(tmpdir(), 'attribution-truth-')),
  };
}
