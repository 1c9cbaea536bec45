import { z } from 'zod';
import { maxUploadBytes } from './limits.ts';

export const startUploadSchema = z.object({
  datanetId: z.string().max(80),
  fileName: z
    .string()
    .trim()
    .min(1)
    .max(120)
    .regex(/^[^\p{Cc}/\\]+\.(?:csv|tsv|jsonl|ndjson)$/iu, 'a file that ends in .csv, .tsv, .jsonl or .ndjson'),
  sizeBytes: z
    .number()
    .int()
    .min(1, 'the file is empty')
    .max(maxUploadBytes, `a file has at most ${maxUploadBytes / 1024 / 1024} MB; split it`),
  /** Made of the file by who sends it: started again with the same key, the upload goes on where it was. */
  idempotencyKey: z.string().min(8).max(100),
  /** Field of the Datanet to column of the file; what is left out is guessed by name. */
  mapping: z.record(z.string().max(64), z.string().max(200)).default({}),
});
export type StartUploadInput = z.infer<typeof startUploadSchema>;

export const uploadIdSchema = z.object({ id: z.string().max(40) });
export const uploadPieceSchema = uploadIdSchema.extend({ offset: z.coerce.number().int().min(0).max(maxUploadBytes) });
