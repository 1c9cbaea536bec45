import { z } from 'zod';
import { attackNames } from './types.ts';

export const startAttackSchema = z.object({
  versionId: z.string().regex(/^dv_/, 'choose a Datanet version'),
  attack: z.enum(attackNames, { error: 'choose an attack' }),
  seed: z.number().int().min(1).max(20).default(1),
});
export type StartAttackInput = z.infer<typeof startAttackSchema>;

export const attackRunIdSchema = z.object({ id: z.string().regex(/^atk_/) });
