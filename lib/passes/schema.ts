import { z } from 'zod';

/** Longest pass by time, and largest by number. */
export const longestPassDays = 3_650;
export const mostPassAnswers = 1_000_000;

const model = z.string().min(1).max(120);
const days = z.number().int('whole days').min(1, 'at least a day').max(longestPassDays, 'at most ten years');
const answers = z.number().int('whole answers').min(1, 'at least one answer').max(mostPassAnswers, 'at most a million');
const priceWei = z.string().regex(/^[1-9]\d{0,30}$/, 'a price above 0 in wei');

/** One amount of a kind of pass. */
export const passTermsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('days'), amount: days }),
  z.object({ kind: z.literal('answers'), amount: answers }),
]);

export const setModelAccessSchema = z.object({
  model,
  access: z.enum(['everybody', 'holders']),
  /** Passes by time that are sold; null: none. */
  days: z.object({ amount: days, priceWei }).nullable(),
  /** Passes by number that are sold; null: none. */
  answers: z.object({ amount: answers, priceWei }).nullable(),
});
export type SetModelAccessInput = z.infer<typeof setModelAccessSchema>;

export const grantPassSchema = z.object({
  model,
  holder: z
    .string()
    .trim()
    .regex(/^0x[0-9a-fA-F]{40}$/, 'an account has 0x and 40 hexadecimal digits')
    .transform((value) => value.toLowerCase() as `0x${string}`),
  terms: passTermsSchema,
});
export type GrantPassInput = z.infer<typeof grantPassSchema>;

export const revokePassSchema = z.object({ passId: z.string().max(80) });
export type RevokePassInput = z.infer<typeof revokePassSchema>;

/** `amount` and `priceWei` are those that the buyer saw: nobody pays another price than that. */
export const buyPassSchema = z.object({
  model,
  kind: z.enum(['days', 'answers']),
  amount: z.number().int().positive(),
  priceWei,
  idempotencyKey: z.string().min(8).max(120),
});
export type BuyPassInput = z.infer<typeof buyPassSchema>;
