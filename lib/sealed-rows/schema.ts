import { z } from 'zod';
import { keyWrapSchema } from '#lib/access/schema.ts';
import { addressSchema } from '#lib/datanets/schema.ts';

type Hex = `0x${string}`;
const hex = (least: number, most: number) =>
  z
    .string()
    .regex(/^0x(?:[0-9a-f]{2})*$/, 'hexadecimal digits')
    .min(2 + 2 * least)
    .max(2 + 2 * most)
    .transform((value) => value as Hex);
const id = z.string().max(80);

export const saveMemberKeySchema = z.object({ publicKey: hex(65, 65), backup: hex(60, 1000) });
export type SaveMemberKeyInput = z.infer<typeof saveMemberKeySchema>;

export const startEraSchema = z.object({
  datanetId: id,
  era: keyWrapSchema.shape.era,
  wraps: z
    .array(z.object({ account: addressSchema, wrapped: keyWrapSchema.shape.wrapped }))
    .min(1)
    .max(1000),
});
export type StartEraInput = z.infer<typeof startEraSchema>;

/** Rows in one call; their ciphertexts are at most what two fields of 8,000 characters need. */
export const sealedRowsMax = 200;

export const submitSealedRowsSchema = z.object({
  datanetId: id,
  idempotencyKey: z.string().min(8).max(100),
  rows: z
    .array(
      z.object({
        era: keyWrapSchema.shape.era,
        fingerprint: hex(32, 32),
        ciphertext: hex(28 + 256, 70_000),
        wrappedKey: hex(60, 60),
      }),
    )
    .min(1, 'there are 0 rows')
    .max(sealedRowsMax, `at most ${sealedRowsMax} rows at once`),
});
export type SubmitSealedRowsInput = z.infer<typeof submitSealedRowsSchema>;

export const listSealedRowsSchema = z.object({
  datanetId: id,
  status: z.enum(['accepted', 'pending']).default('accepted'),
  after: z.string().max(40).optional(),
  limit: z.number().int().min(1).max(100).default(100),
});
export type ListSealedRowsInput = z.input<typeof listSealedRowsSchema>;
