import { z } from 'zod';
import type { ApiKeyScope } from './types.ts';

const hex = z.custom<`0x${string}`>(
  (value) => typeof value === 'string' && /^0x(?:[0-9a-fA-F]{2})+$/.test(value),
  'must be hexadecimal with 0x in front',
);

/** A sign-in message (EIP-4361) with its signature; contract wallets' signatures may be long. */
export const signInSchema = z.object({
  message: z.string().min(1).max(4_000),
  signature: hex.refine((value) => value.length <= 20_000, 'is too long'),
});
export type SignInInput = z.infer<typeof signInSchema>;

/** What a key may do beside reading. */
export const apiKeyScopes = ['ask', 'train', 'data'] as const satisfies readonly ApiKeyScope[];

/** A new API key. The budget is what it may spend in all from its owner's channel. Without scopes it may do everything. */
export const createApiKeySchema = z.object({
  name: z.string().trim().min(1, 'Give the key a name, so that you know it again.').max(60, 'At most 60 characters.'),
  budgetWei: z
    .bigint()
    .positive('The budget must be more than 0 OPEN.')
    .max(10n ** 30n, 'That is more OPEN than there is.'),
  scopes: z.array(z.enum(apiKeyScopes)).min(1, 'Choose at least one thing that the key may do.').optional(),
  /** Left out: it works until it is revoked. */
  expiresInDays: z.number().int('Whole days.').min(1, 'At least a day.').max(730, 'At most two years.').optional(),
});
export type CreateApiKeyInput = z.infer<typeof createApiKeySchema>;

export const apiKeyIdSchema = z.object({ id: z.string().regex(/^key_[0-9a-z]{26}$/, 'is not an API key id') });
