import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import { type BaseModel, loadBaseModel } from './base-model.ts';
import { type Batch, epochBatches } from './batches.ts';
import { type PreparedSet, prepareExamples } from './prepare-examples.ts';
import { checkRecipe, type Recipe } from './recipe.ts';
import type { TrainAdapterInput } from './train-events.ts';

/** A checked fine-tune before its first step: everything that follows from the input alone. */
export type AdapterPlan = {
  base: BaseModel;
  layout: AdapterLayout;
  train: PreparedSet;
  evaluation: PreparedSet;
  recipe: Recipe;
  threads: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /**
   * The fixed divisor of every batch's token-sum loss: batch size x mean answer tokens of an example. With the batch's
   * own count in its place, a long neighbour would lessen what a row weighs.
   */
  tokenBudget: number;
  /** SHA-256 of all that decides the result; a checkpoint continues only the run that has the same. */
  fingerprint: string;
  batches: (epoch: number) => Batch[];
};

/**
 * Loads the base, renders the examples and lays out the steps.
 * @throws TrainingError recipe_invalid, dataset_empty; LoraConfigError; the errors of `loadBaseModel`
 */
export async function planAdapterTraining(input: TrainAdapterInput): Promise<AdapterPlan> {
  const { recipe, datasetRoot } = input;
  checkRecipe(recipe);
  const base = await loadBaseModel(input.modelDir);
  const layout = adapterLayout(base.config, recipe.lora);
  const maxTokens = Math.min(recipe.maxSeqLength, base.config.max_position_embeddings);
  const train = prepareExamples(base.tokenizer, input.train, maxTokens, 'training set');
  const evaluation = prepareExamples(base.tokenizer, input.evaluation, maxTokens, 'evaluation set');
  const lengths = train.examples.map(({ ids }) => ids.length);
  const { seed, batchSize } = recipe;
  const batches = (epoch: number): Batch[] =>
    epochBatches(lengths, { datasetRoot, epoch, seed, batchSize, maxTime: base.config.max_position_embeddings });
  const stepsPerEpoch = batches(0).length;
  const decisive = [base.sha256, datasetRoot, recipe, train.sha256];
  return {
    base,
    layout,
    train,
    evaluation,
    recipe,
    threads: input.threads ?? availableParallelism(),
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * recipe.epochs,
    tokenBudget: (batchSize * train.lossTokens) / train.examples.length,
    fingerprint: createHash('sha256').update(JSON.stringify(decisive)).digest('hex'),
    batches,
  };
}
