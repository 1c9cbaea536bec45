import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { startUploadSchema } from '#lib/contributions/uploads/schema.ts';
import { startUpload } from '#lib/contributions/uploads/start-upload.ts';
import { toUploadObject } from '../../../uploads/_upload-object.ts';

const { fileName, sizeBytes, idempotencyKey, mapping } = startUploadSchema.shape;

/** Begins a file in pieces, or says how far the one with this key has come. */
export const POST = defineRoute({
  input: z.object({
    slug: z.string().max(80),
    file_name: fileName,
    size_bytes: sizeBytes,
    idempotency_key: idempotencyKey,
    mapping,
  }),
  auth: 'account',
  limit: { name: 'start-upload', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { slug, file_name, size_bytes, idempotency_key, mapping: columns } = input;
    const file = { fileName: file_name, sizeBytes: size_bytes, idempotencyKey: idempotency_key, mapping: columns };
    return toUploadObject(await startUpload(deps, actor, { datanetId: slug, ...file }));
  },
});
