import { createHash } from 'node:crypto';
import type { AdamWConfig } from '../optim/adamw.ts';
import { type AdapterPlan, privacyAfter } from './adapter-plan.ts';
import { engineVersion } from './engine-version.ts';
import { type MachineFacts, machineFacts } from './machine-facts.ts';
import type { PrivacyStatement } from './privacy/private-batches.ts';
import { isAttributable, type Recipe, recipeOptimizer } from './recipe.ts';
import type { DatasetFacts } from './train-events.ts';

/** `run-manifest.json` beside every adapter: what it takes to train the same again, and what came out. */
export type RunManifest = {
  engineVersion: string;
  /** Folder of the base in the model folder; `baseSha256` says which. */
  baseModel: string;
  baseSha256: string;
  /** With the seed it decides the order of the rows: the content root, or the version's where `dataset` is null. */
  datasetRoot: string;
  dataset: DatasetFacts | null;
  /** SHA-256 of the tokens and masks that were trained on, and of the sealed ones that were measured. */
  trainSha256: string;
  sealedSha256: string;
  trainExamples: number;
  heldOutExamples: number;
  truncatedExamples: number;
  skippedExamples: string[];
  recipe: Recipe;
  optimizer: AdamWConfig;
  tokenBudget: number;
  /** See `isAttributable`; a fork never is, as it starts from what other rows taught. */
  attributable: boolean;
  forkedFrom: { checkpointSha256: string; step: number; fingerprint: string } | null;
  plannedSteps: number;
  steps: number;
  /** The step whose adapter was written. */
  adapterStep: number;
  /** See `trainingReach`; not in manifests of before 21 November 2026. */
  reach?: number;
  evalLoss: number;
  baseEvalLoss: number;
  privacy: (PrivacyStatement & { secretSha256: string }) | null;
  adapterSha256: string;
  optimizerSha256: string;
  machine: MachineFacts;
};

/** How a run ended. */
export type RunResult = { steps: number; adapterStep: number; evalLoss: number; baseEvalLoss: number };

/** Whether influence on the result can be certified: the recipe's rule, and a start from nothing. */
export function isPlanAttributable({ recipe, fork }: Pick<AdapterPlan, 'recipe' | 'fork'>): boolean {
  return isAttributable(recipe) && fork === null;
}

export async function runManifest(
  plan: AdapterPlan,
  input: Pick<RunManifest, 'baseModel' | 'datasetRoot' | 'dataset'>,
  result: RunResult,
  facts: Pick<RunManifest, 'adapterSha256' | 'optimizerSha256' | 'reach'>,
): Promise<RunManifest> {
  const { base, train, evaluation, recipe, fork, noiseSecret } = plan;
  const privacy = privacyAfter(plan, result.steps);
  return {
    engineVersion,
    ...input,
    baseSha256: base.sha256,
    trainSha256: train.sha256,
    sealedSha256: evaluation.sha256,
    trainExamples: train.examples.length,
    heldOutExamples: evaluation.examples.length,
    truncatedExamples: train.truncated + evaluation.truncated,
    skippedExamples: [...train.skipped, ...evaluation.skipped],
    recipe,
    optimizer: recipeOptimizer(recipe),
    tokenBudget: plan.tokenBudget,
    attributable: isPlanAttributable(plan),
    forkedFrom: fork && { checkpointSha256: fork.sha256, step: fork.step, fingerprint: fork.fingerprint },
    plannedSteps: plan.totalSteps,
    ...result,
    privacy: privacy && {
      ...privacy,
      secretSha256: createHash('sha256')
        .update(noiseSecret ?? '')
        .digest('hex'),
    },
    ...facts,
    machine: await machineFacts(plan.threads),
  };
}
