import { z } from 'zod';

/** Every attack that can be run, in the order of the page. */
export const attackNames = [
  'copy-1',
  'copy-10',
  'copy-100',
  'near-case',
  'near-order',
  'near-synonyms',
  'near-padding',
  'near-stitched',
  'retold',
  'steal-exact',
  'steal-near',
  'wallets-100',
  'pieces',
  'stuffing',
  'spam',
  'outlier',
  'shadow',
  'self-query',
  'ring',
  'poison',
  'dodge-held-out',
  'seize-held-out',
  'control',
] as const;
export type AttackName = (typeof attackNames)[number];

export const startAttackSchema = z.object({
  versionId: z.string().regex(/^dv_/, 'choose a Datanet version'),
  attack: z.enum(attackNames, { error: 'choose an attack' }),
  seed: z.number().int().min(1).max(20).default(1),
});
export type StartAttackInput = z.infer<typeof startAttackSchema>;

export const attackRunIdSchema = z.object({ id: z.string().regex(/^atk_/) });
