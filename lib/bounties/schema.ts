import { z } from 'zod';
import { bountyKinds } from './types.ts';

const oneLine = z
  .string()
  .trim()
  .min(5, 'at least 5 characters')
  .max(120, 'at most 120 characters')
  .regex(/^\P{Cc}*$/u, 'one line without control characters');

const goalSourceSchema = z.object({ kind: z.enum(['question', 'evaluation']), id: z.string().max(80) });

export const writeGoalSchema = z.object({
  kind: z.enum(bountyKinds),
  /** Id or slug. */
  datanet: z.string().max(80),
  title: oneLine,
  goal: z.string().trim().min(20, 'at least 20 characters').max(4000, 'at most 4000 characters'),
  source: goalSourceSchema.nullable().default(null),
});
export type WriteGoalInput = z.infer<typeof writeGoalSchema>;

export const listBountiesSchema = z.object({
  datanet: z.string().max(80).optional(),
  kind: z.enum(bountyKinds).optional(),
  after: z
    .string()
    .regex(/^bty_[0-9a-z]{26}$/)
    .optional(),
});
export type ListBountiesInput = z.infer<typeof listBountiesSchema>;

export const prepareRowAwardSchema = z.object({
  bountyId: z.string().max(80),
  exampleIds: z.array(z.string().max(80)).min(1, 'choose at least one row').max(100, 'at most 100 rows an award'),
});
export type PrepareRowAwardInput = z.infer<typeof prepareRowAwardSchema>;

export const prepareRunAwardSchema = z.object({ bountyId: z.string().max(80), model: z.string().max(80) });
export type PrepareRunAwardInput = z.infer<typeof prepareRunAwardSchema>;
