import { z } from 'zod';
import { mixPartsSchema } from '#lib/mixes/schema.ts';
import { mergeSize, wholePpm } from './rules.ts';
import { modelSorts } from './types.ts';

export const targetModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;

/** Hyperparameters of a run; the same names as the engine's `Recipe`, with what each does for the Advanced form. */
export const recipeSchema = z.object({
  lora: z.object({
    r: z.number().int().min(1).max(64).describe('Rank: how much the adapter can learn. 8 is a good start.'),
    loraAlpha: z.number().min(1).max(256).describe('Strength of the adapter; usually twice the rank.'),
    loraDropout: z
      .number()
      .min(0)
      .max(0.5)
      .describe(
        'Share of its input that the adapter ignores in a step. Above 0 the run is not certified attributable.',
      ),
    targetModules: z.array(z.enum(targetModules)).min(1).describe('Layers that get an adapter.'),
    useRslora: z
      .boolean()
      .optional()
      .describe('Divides the strength by the root of the rank, not by the rank: steadier at high ranks.'),
  }),
  learningRate: z
    .number()
    .min(1e-6)
    .max(0.05)
    .describe('Size of a step. Too large diverges, too small learns nothing.'),
  epochs: z.number().int().min(1).max(50).describe('Passes over the data.'),
  batchSize: z.number().int().min(1).max(64).describe('Rows per batch.'),
  accumulationSteps: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('Batches whose gradients are added up before one step.'),
  maxSeqLength: z.number().int().min(32).max(2048).describe('Longest row in tokens; longer ones are cut.'),
  packing: z
    .boolean()
    .default(false)
    .describe('Puts several short rows side by side, which trains faster. The run is then not certified attributable.'),
  lossOn: z
    .enum(['completion', 'all'])
    .default('completion')
    .describe('Whether only answers are learnt, or questions too. Plain text is always learnt wholly.'),
  warmupRatio: z.number().min(0).max(0.5).describe('Share of the steps in which the learning rate rises.'),
  schedule: z.enum(['cosine', 'linear', 'constant']).describe('How the learning rate falls afterwards.'),
  weightDecay: z
    .number()
    .min(0)
    .max(0.1)
    .describe('Pull of the weights towards zero. Above 0 the run is not certified attributable.'),
  maxGradNorm: z.number().min(0.01).max(100).describe('Gradients longer than this are shortened.'),
  epsRoot: z.number().min(1e-12).max(1e-2).describe("Adam's epsilon, inside the root: keeps attribution smooth."),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .describe('Decides order and initial weights; the same seed gives the same adapter.'),
  evalEverySteps: z.number().int().min(1).max(10_000).describe('Steps between measurements on the held-out rows.'),
  evalRows: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(512)
    .describe('Held-out rows that are measured, chosen by the seed; 0 measures all.'),
  keepBest: z
    .boolean()
    .default(false)
    .describe('Keeps the adapter of the best measurement, not the last. The run is then not certified attributable.'),
  earlyStopPatience: z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('Measurements without a gain after which the run ends; 0 never ends it, which attribution needs.'),
  earlyStopMinGain: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much the held-out loss must fall, in nats per token, to count as a gain.'),
  checkpointEverySteps: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .describe('Steps between checkpoints; a stopped run goes on from the last.'),
  privacy: z
    .object({
      noiseMultiplier: z
        .number()
        .min(0.01)
        .max(100)
        .describe('Noise on each step, in clipping norms. More noise: more private, less learnt.'),
      clipNorm: z.number().min(1e-4).max(1000).describe('How much one row may move a step at most.'),
      delta: z
        .number()
        .min(1e-12)
        .max(0.1)
        .describe('Chance at which the promise may fail; well below one in the number of rows.'),
    })
    .optional()
    .describe(
      'Differentially private training: no single row can be told from the adapter. Not certified attributable.',
    ),
});
export type TrainingRecipe = z.infer<typeof recipeSchema>;

export const presetNames = ['quick', 'balanced', 'best'] as const;
export type PresetName = (typeof presetNames)[number];

const startTrainingRunSchema = z.object({
  name: z.string().trim().min(3, 'a name has at least 3 characters').max(60, 'a name has at most 60 characters'),
  versionId: z.string().regex(/^dv_/, 'choose a Datanet version'),
  baseModel: z.string().min(1, 'choose a base model'),
  preset: z.enum([...presetNames, 'custom']),
  recipe: recipeSchema,
  idempotencyKey: z.string().min(8).max(80),
});
export type StartTrainingRunInput = z.infer<typeof startTrainingRunSchema>;

/** What the wizard launches. `parts`: several versions with weights; `versionId` is then the first of them. */
export const launchRunSchema = startTrainingRunSchema.extend({ parts: mixPartsSchema.optional() });
export type LaunchRunInput = z.infer<typeof launchRunSchema>;

/** What a fork may change. Fields with a default are left out: a missing one would be set back to it. */
const forkChangeSchema = recipeSchema
  .pick({ learningRate: true, epochs: true, batchSize: true, maxSeqLength: true, warmupRatio: true, schedule: true })
  .extend(recipeSchema.pick({ seed: true, evalEverySteps: true, checkpointEverySteps: true }).shape)
  .partial();

/** A fork keeps base, version and the adapter's shape. */
export const forkTrainingRunSchema = z.object({
  runId: z.string().regex(/^run_/),
  name: startTrainingRunSchema.shape.name,
  change: forkChangeSchema,
  idempotencyKey: z.string().min(8).max(80),
});
export type ForkTrainingRunInput = z.infer<typeof forkTrainingRunSchema>;

/** `parts`: a mix, before it is made; `versionId` is then the first of them. */
export const estimateRunSchema = startTrainingRunSchema
  .pick({ versionId: true, baseModel: true, recipe: true })
  .extend({ parts: mixPartsSchema.optional() });
export type EstimateRunInput = z.infer<typeof estimateRunSchema>;

export const runIdSchema = z.object({ runId: z.string().regex(/^run_/) });

const bps = z.number().int().min(0).max(10_000);
export const publishModelSchema = z.object({
  runId: z.string().regex(/^run_/),
  /** Slug of a live model of one's own that this becomes the next version of; its name and split stay. */
  versionOf: z.string().min(1).max(80).optional(),
  name: z.string().trim().min(3, 'a name has at least 3 characters').max(60, 'a name has at most 60 characters'),
  summary: z.string().trim().min(10, 'say in a sentence what the model is for').max(280, 'at most 280 characters'),
  inputWeiPerToken: z.string().regex(/^\d{1,24}$/, 'wei as decimal digits'),
  outputWeiPerToken: z.string().regex(/^\d{1,24}$/, 'wei as decimal digits'),
  split: z
    .object({ data: bps.min(2_000, 'data gets at least 20 %'), model: bps, app: bps, infra: bps, validators: bps })
    .refine((s) => s.data + s.model + s.app + s.infra + s.validators === 10_000, 'the shares must add up to 100 %'),
});
export type PublishModelInput = z.infer<typeof publishModelSchema>;

export const chooseModelVersionSchema = z.object({
  /** Slug of the first version: the name that callers ask. */
  model: z.string().min(1).max(80),
  number: z.number().int().min(1).max(10_000),
});
export type ChooseModelVersionInput = z.infer<typeof chooseModelVersionSchema>;

export const saveModelCardSchema = z.object({
  /** Slug of the version that it is about. */
  model: z.string().min(1).max(100),
  body: z.string().trim().min(40, 'a card says at least in a sentence what the model is for').max(20_000),
});
export type SaveModelCardInput = z.infer<typeof saveModelCardSchema>;

/** Filters of the list of models, as they stand in the URL. */
export const listModelsSchema = z.object({
  q: z.string().trim().max(200).default(''),
  domain: z.string().max(40).optional(),
  sort: z.enum(modelSorts).default('newest'),
});
export type ListModelsInput = z.infer<typeof listModelsSchema>;

const chosenModelSchema = z.object({
  /** Slug of the version that is merged. */
  model: z.string().min(1).max(100),
  weightPpm: z.number().int().min(1, 'a weight is more than nothing').max(wholePpm),
});

export const launchMergeSchema = z.object({
  name: z.string().trim().min(3, 'a name has at least 3 characters').max(60, 'a name has at most 60 characters'),
  models: z
    .array(chosenModelSchema)
    .min(mergeSize.least, 'choose two models or more')
    .max(mergeSize.most, `a merge has ${mergeSize.most} models at most`)
    .refine((models) => new Set(models.map(({ model }) => model)).size === models.length, 'choose each model once')
    .refine(
      (models) => models.reduce((sum, { weightPpm }) => sum + weightPpm, 0) === wholePpm,
      'the weights must add up to 100 %',
    ),
  idempotencyKey: z.string().min(8).max(80),
});
export type LaunchMergeInput = z.infer<typeof launchMergeSchema>;
export type ChosenModel = LaunchMergeInput['models'][number];
