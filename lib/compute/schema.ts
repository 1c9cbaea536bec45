import { z } from 'zod';
import { recipeSchema } from '#lib/model-factory/schema.ts';

const id = z.string().max(80);
const words = z.string().trim().min(10, 'at least 10 characters').max(500, 'at most 500 characters');

/** Largest adapter that may leave, in bytes: rank 64 on the shipped base is a third of it. */
export const adapterBytesMax = 16_000_000;
/** Losses over the rows of fewer people would say something about one of them. */
export const peopleMin = 10;

export const requestComputeSchema = z.object({
  datanetId: id,
  versionId: id,
  baseModel: z.string().min(1).max(80),
  recipe: recipeSchema,
  purpose: words,
  idempotencyKey: z.string().min(8).max(100),
});
export type RequestComputeInput = z.output<typeof requestComputeSchema>;

export const decideRecipeSchema = z
  .object({
    datanetId: id,
    recipeHash: z.string().regex(/^0x[0-9a-f]{64}$/),
    decision: z.enum(['approved', 'refused']),
    reason: z.string().trim().max(500).optional(),
  })
  .refine(({ decision, reason }) => decision === 'approved' || (reason?.length ?? 0) >= 3, {
    path: ['reason'],
    error: 'say why; the person reads it',
  });
export type DecideRecipeInput = z.infer<typeof decideRecipeSchema>;

const lease = z.string().min(20).max(100);
export const claimComputeSchema = z.object({ datanet: id });
export const leasedJobSchema = z.object({ id, lease });
export type LeasedJobInput = z.infer<typeof leasedJobSchema>;

/** One in ten of a million rows. */
const heldOutMax = 100_000;

/** All that leaves: the adapter's tensors, and numbers. There is no field for words but a failure's code. */
export const finishComputeSchema = leasedJobSchema.extend({
  adapter: z.base64().max(Math.ceil((adapterBytesMax * 4) / 3) + 4),
  steps: z.number().int().min(1).max(10_000_000),
  evalLoss: z.number().min(0).max(1_000),
  baseEvalLoss: z.number().min(0).max(1_000),
  /** Ids of the rows that the losses are over; a worker that names none has its losses kept back. */
  heldOut: z.array(id).max(heldOutMax).default([]),
});
export type FinishComputeInput = z.infer<typeof finishComputeSchema>;

export const failComputeSchema = leasedJobSchema.extend({ code: z.string().regex(/^[a-z_]{3,40}$/) });
export type FailComputeInput = z.infer<typeof failComputeSchema>;
