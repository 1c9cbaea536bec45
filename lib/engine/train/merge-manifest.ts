import { basename } from 'node:path';
import type { BaseModel } from './base-model.ts';
import { engineVersion } from './engine-version.ts';
import { machineFacts } from './machine-facts.ts';
import type { PreparedSet } from './prepare-examples.ts';
import type { Recipe } from './recipe.ts';
import type { RunManifest, RunResult } from './run-manifest.ts';
import type { MergeInput } from './train-events.ts';

/** `run-manifest.json` of a merge: what a training's has, as far as a merge has it, and what was merged. */
export type MergeManifest = Omit<RunManifest, 'optimizer' | 'tokenBudget' | 'optimizerSha256' | 'reach'> & {
  merge: { adapterSha256: string; weightPpm: number }[];
};

type Prepared = {
  base: BaseModel;
  train: PreparedSet;
  evaluation: PreparedSet;
  recipe: Recipe;
  threads: number;
};

export async function mergeManifest(
  input: MergeInput,
  { base, train, evaluation, recipe, threads }: Prepared,
  result: RunResult,
  adapterSha256: string,
): Promise<MergeManifest> {
  const { modelDir, datasetRoot, dataset = null, parents } = input;
  return {
    ...{ engineVersion, baseModel: basename(modelDir), baseSha256: base.sha256, datasetRoot, dataset },
    ...{ trainSha256: train.sha256, sealedSha256: evaluation.sha256 },
    ...{ trainExamples: train.examples.length, heldOutExamples: evaluation.examples.length },
    truncatedExamples: train.truncated + evaluation.truncated,
    skippedExamples: [...train.skipped, ...evaluation.skipped],
    recipe,
    merge: parents.map(({ sha256, weightPpm }) => ({ adapterSha256: sha256, weightPpm })),
    ...{ attributable: false, forkedFrom: null, privacy: null, plannedSteps: 0, ...result, adapterSha256 },
    machine: await machineFacts(threads),
  };
}
