import { z } from 'zod';
import { privateTiers } from './types.ts';

const id = z.string().max(80);
const signature = z
  .string()
  .regex(/^0x[0-9a-fA-F]{130,8192}$/, 'a signature in hexadecimal digits')
  .transform((value) => value as `0x${string}`);
const seconds = z.number().int().min(0).max(253_402_300_799);
const words = (least: number) =>
  z
    .string()
    .trim()
    .min(least, `at least ${least} characters`)
    .max(500, 'at most 500 characters')
    .regex(/^\P{Cc}*$/u, 'one line');
/** Longest permission: two years. After that it is asked for again. */
export const longestGrantDays = 730;

export const setAccessTierSchema = z.object({ datanetId: id, tier: z.enum(privateTiers) });
export type SetAccessTierInput = z.infer<typeof setAccessTierSchema>;

export const requestAccessSchema = z.object({
  datanetId: id,
  purpose: words(10),
  publicKey: z
    .string()
    .regex(/^0x(?:04[0-9a-f]{128})?$/, 'an uncompressed P-256 point, or 0x')
    .transform((value) => value as `0x${string}`),
  signedAt: seconds,
  signature,
});
export type RequestAccessInput = z.infer<typeof requestAccessSchema>;

/** One era's data key, wrapped for the member by the owner's browser; needed where the Datanet is encrypted. */
export const keyWrapSchema = z.object({
  era: z.number().int().min(1).max(10_000),
  wrapped: z.string().regex(/^0x[0-9a-f]{100,1000}$/, 'a wrapped key'),
});

export const grantAccessSchema = z.object({
  requestId: id,
  expiresAt: seconds,
  signature,
  wraps: z.array(keyWrapSchema).max(1000).default([]),
});
export type GrantAccessInput = z.input<typeof grantAccessSchema>;

export const refuseAccessSchema = z.object({ requestId: id, reason: words(3) });
export type RefuseAccessInput = z.infer<typeof refuseAccessSchema>;

export const revokeAccessSchema = z.object({ grantId: id, reason: words(3) });
export type RevokeAccessInput = z.infer<typeof revokeAccessSchema>;
