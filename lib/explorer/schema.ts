import { z } from 'zod';
import { explorerKinds } from './types.ts';

/** The explorer's query string. Unknown values fall back, so that an old link still opens something. */
export const explorerQuerySchema = z.object({
  kind: z.enum(explorerKinds).catch('answers'),
  cursor: z.string().max(120).optional().catch(undefined),
  tx: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/)
    .optional()
    .catch(undefined),
  account: z
    .string()
    .transform((value) => value.toLowerCase())
    .pipe(z.string().regex(/^0x[0-9a-f]{40}$/))
    .optional()
    .catch(undefined),
});
export type ExplorerQuery = z.infer<typeof explorerQuerySchema>;

export const searchSchema = z.object({ q: z.string().trim().min(2, 'Type at least two characters.').max(100) });
