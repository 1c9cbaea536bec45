import { z } from 'zod';

/** Fields beside the file itself in `POST /v1/files`. */
export const createTrainingFileSchema = z.object({
  purpose: z.literal('fine-tune', { error: 'only fine-tune is supported' }),
  filename: z
    .string()
    .trim()
    .min(1, 'name the file')
    .max(120, 'at most 120 characters')
    .regex(/^\P{Cc}*$/u, 'one line'),
});
export type CreateTrainingFileInput = z.infer<typeof createTrainingFileSchema>;

/** OpenAI's pages: newest first, `after` is the last id that one has. */
export const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(80).optional(),
});
export type PageInput = z.infer<typeof pageSchema>;

export const fileIdSchema = z.object({ id: z.string().max(80) });
export const jobIdSchema = z.object({ id: z.string().max(80) });

const auto = z.literal('auto');
const choice = <T extends z.ZodType>(number: T) => z.union([auto, number]).nullish();
const hyperparametersSchema = z.strictObject({
  n_epochs: choice(z.number().int().min(1).max(50)),
  batch_size: choice(z.number().int().min(1).max(64)),
  learning_rate_multiplier: choice(z.number().gt(0).max(10)),
});
const orAuto = <T>(value: T | 'auto' | null | undefined): T | 'auto' => value ?? 'auto';

/** `POST /v1/fine_tuning/jobs`: OpenAI's request as far as it is supported. A field that would be ignored is refused by name. */
export const createFineTuningJobSchema = z
  .strictObject({
    model: z.string().min(1, 'name a base model').max(100),
    training_file: z.string().max(80),
    suffix: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'letters, digits, _ and -, at most 40')
      .nullish(),
    seed: z.number().int().min(0).max(2_147_483_647).nullish(),
    hyperparameters: hyperparametersSchema.nullish(),
    method: z
      .strictObject({
        type: z.literal('supervised', { error: 'only supervised is supported' }),
        supervised: z.strictObject({ hyperparameters: hyperparametersSchema.nullish() }).nullish(),
      })
      .nullish(),
    metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
    validation_file: z.null({ error: 'is not taken: one row in ten is held out and measured' }).optional(),
    integrations: z.array(z.never(), { error: 'are not supported' }).nullish(),
  })
  .transform(({ model, training_file, suffix, seed, metadata, ...input }) => {
    const chosen = input.method?.supervised?.hyperparameters ?? input.hyperparameters;
    return {
      ...{ model, fileId: training_file, suffix: suffix ?? null, seed: seed ?? null, metadata: metadata ?? null },
      hyperparameters: {
        n_epochs: orAuto(chosen?.n_epochs),
        batch_size: orAuto(chosen?.batch_size),
        learning_rate_multiplier: orAuto(chosen?.learning_rate_multiplier),
      },
    };
  });
export type CreateFineTuningJobInput = z.infer<typeof createFineTuningJobSchema>;
