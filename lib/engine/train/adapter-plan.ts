import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import { type BaseModel, loadBaseModel } from './base-model.ts';
import { type Batch, epochBatches, packedBatches, timeBucket } from './batches.ts';
import { type CheckpointOwner, type ForkSource, readForkSource } from './checkpoint.ts';
import { engineVersion } from './engine-version.ts';
import { TrainingError } from './errors.ts';
import { chooseRows, type PreparedSet, prepareExamples } from './prepare-examples.ts';
import { expectedRows, type PrivacyStatement, privacyStatement, privateBatches } from './privacy/private-batches.ts';
import { checkRecipe, type Recipe } from './recipe.ts';
import { type WeightedReads, weightedReads } from './rows-of-pass.ts';
import type { TrainAdapterInput } from './train-events.ts';

/** A checked fine-tune before its first step: everything that follows from the input alone. */
export type AdapterPlan = {
  base: BaseModel;
  layout: AdapterLayout;
  train: PreparedSet;
  /** The held-out rows that are measured. */
  evaluation: PreparedSet;
  recipe: Recipe;
  threads: number;
  stepsPerEpoch: number;
  totalSteps: number;
  /** Readings of a pass: the rows, where none is read more or less often than once. */
  rowsPerPass: number;
  /** Tokens that all passes read, padding not counted. */
  trainTokens: number;
  /**
   * The fixed divisor of every step's token-sum loss: its rows x mean answer tokens of an example. With the step's own
   * count in its place, a long neighbour would lessen what a row weighs.
   */
  tokenBudget: number;
  /** `fingerprint`: SHA-256 of all that decides the result; a checkpoint continues only the run that has the same. */
  owner: CheckpointOwner;
  /** The adapter that this run starts from, when it is a fork. */
  fork: ForkSource | null;
  /** Null without privacy. */
  noiseSecret: string | null;
  /** The batches of step 1, 2, ...: `accumulationSteps` of them, fewer at the end of an epoch. */
  batchesOf: (step: number) => Batch[];
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
  const context = base.config.max_position_embeddings;
  const options = { maxSeqLength: Math.min(recipe.maxSeqLength, context), lossOn: recipe.lossOn };
  const train = prepareExamples(base.tokenizer, input.train, options, 'training set');
  const measured = chooseRows(input.evaluation, recipe.evalRows, `${datasetRoot}|${recipe.seed}`);
  const evaluation = prepareExamples(base.tokenizer, measured, options, 'evaluation set');
  const noiseSecret = checkSecret(input);
  if (weightedReads(train.examples) && (recipe.packing || recipe.privacy))
    throw new TrainingError(
      'recipe_invalid',
      'Packing and privacy take every row once a pass. Give all parts of the mix the weight 1, or switch them off.',
    );
  const steps = layOutSteps(train, recipe, datasetRoot, context);
  const origin = JSON.stringify([base.sha256, recipe.lora.r, recipe.lora.targetModules]);
  const fork = input.forkFrom === undefined ? null : await readForkSource(input.forkFrom, origin);
  const decisive = [engineVersion, base.sha256, datasetRoot, recipe, train.sha256, evaluation.sha256];
  const fingerprint = sha256(JSON.stringify([...decisive, fork?.sha256, noiseSecret && sha256(noiseSecret)]));
  return {
    ...{ base, layout, train, evaluation, recipe, fork, noiseSecret, ...steps },
    ...(noiseSecret !== null && privateSteps(train, recipe, noiseSecret, context)),
    threads: input.threads ?? availableParallelism(),
    owner: { fingerprint, origin },
  };
}

/** What the run promises after `steps` steps; null without privacy. */
export function privacyAfter({ recipe, train }: AdapterPlan, steps: number): PrivacyStatement | null {
  return recipe.privacy ? privacyStatement(recipe.privacy, recipe, train.examples.length, steps) : null;
}

function checkSecret({ recipe, noiseSecret }: TrainAdapterInput): string | null {
  if (!recipe.privacy) return null;
  if (noiseSecret !== undefined && noiseSecret.length >= 32) return noiseSecret;
  throw new TrainingError('recipe_invalid', "The recipe's privacy needs a noiseSecret of at least 32 characters.");
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A private epoch is as many steps as it takes to draw as many rows as there are, on average. */
function privateSteps(train: PreparedSet, recipe: Recipe, secret: string, maxTime: number) {
  const lengths = train.examples.map(({ ids }) => ids.length);
  const stepsPerEpoch = Math.ceil(lengths.length / expectedRows(recipe));
  const batchesOf = (step: number): Batch[] => privateBatches(lengths, recipe, { step, secret, maxTime });
  return { stepsPerEpoch, totalSteps: stepsPerEpoch * recipe.epochs, batchesOf };
}

type Steps = Pick<
  AdapterPlan,
  'stepsPerEpoch' | 'totalSteps' | 'rowsPerPass' | 'trainTokens' | 'tokenBudget' | 'batchesOf'
>;

/** How many steps a plain recipe takes over these rows, and which batches each of them has. */
export function layOutSteps(train: PreparedSet, recipe: Recipe, datasetRoot: string, context: number): Steps {
  const { seed, batchSize, accumulationSteps, packing } = recipe;
  const lengths = train.examples.map(({ ids }) => ids.length);
  const maxTime = packing ? timeBucket(Math.min(recipe.maxSeqLength, context), context) : context;
  const layOut = packing ? packedBatches : epochBatches;
  const weighted = weightedReads(train.examples);
  let current = { epoch: -1, batches: [] as Batch[] };
  const batchesOfEpoch = (epoch: number): Batch[] => {
    // Laid out once an epoch: doing it for every step would make training quadratic in the rows.
    if (current.epoch !== epoch) {
      const reads = weighted?.rowsOf(epoch);
      current = { epoch, batches: layOut(lengths, { datasetRoot, epoch, seed, batchSize, maxTime, reads }) };
    }
    return current.batches;
  };
  const stepsPerEpoch = Math.ceil(batchesOfEpoch(0).length / accumulationSteps);
  const read = readTokens(train, recipe.epochs, weighted);
  const rowTokens = read.lossTokens / read.rows;
  return {
    stepsPerEpoch,
    totalSteps: stepsPerEpoch * recipe.epochs,
    rowsPerPass: weighted?.rowsPerPass ?? train.examples.length,
    trainTokens: read.tokens,
    tokenBudget: packing ? train.lossTokens / stepsPerEpoch : batchSize * accumulationSteps * rowTokens,
    batchesOf: (step) => {
      const first = ((step - 1) % stepsPerEpoch) * accumulationSteps;
      return batchesOfEpoch(Math.floor((step - 1) / stepsPerEpoch)).slice(first, first + accumulationSteps);
    },
  };
}

/** What all passes read; of rows that are read once a pass, loss tokens and rows are those of one. */
function readTokens(train: PreparedSet, epochs: number, weighted: WeightedReads | null) {
  const { tokens, lossTokens, examples } = train;
  if (!weighted) return { tokens: tokens * epochs, lossTokens, rows: examples.length };
  const sums = { tokens: 0, lossTokens: 0, rows: 0 };
  for (const [row, count] of weighted.countsUntil(epochs).entries()) {
    sums.tokens += count * examples[row]!.ids.length;
    sums.lossTokens += count * examples[row]!.lossTokens;
    sums.rows += count;
  }
  return sums;
}
