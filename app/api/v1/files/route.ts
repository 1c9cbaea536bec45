import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { InvalidInputError } from '#app/_server/errors.ts';
import { parseInput } from '#app/_server/parse-input.ts';
import { readBytes } from '#app/_server/read-input.ts';
import { maxFileBytes } from '#lib/contributions/limits.ts';
import { createTrainingFile } from '#lib/fine-tuning/create-training-file.ts';
import { listTrainingFiles } from '#lib/fine-tuning/list-training-files.ts';
import { createTrainingFileSchema, pageSchema } from '#lib/fine-tuning/schema.ts';
import { toPage } from '../_page-object.ts';
import { toFileObject } from './_file-object.ts';

/** For the parts of the form around the file. */
const formBytes = 16_384;

/** A file to train on, as OpenAI's clients send it: a form with `file` and `purpose`. At most 10 MB. */
export const POST = defineRoute({
  input: z.object({}),
  auth: 'account',
  scope: 'train',
  limit: { name: 'files', max: 60, windowSeconds: 60 },
  maxBytes: 0,
  run: async ({ deps, actor, request }) => {
    const { file, purpose } = await readForm(request);
    const input = parseInput(createTrainingFileSchema, { purpose, filename: file.name });
    const bytes = new Uint8Array(await file.arrayBuffer());
    return toFileObject(await createTrainingFile(deps, actor, { ...input, bytes }));
  },
});

/** One's files, newest first. */
export const GET = defineRoute({
  input: pageSchema.extend({ purpose: z.string().max(40).optional(), order: z.literal('desc').optional() }),
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { data, hasMore } = await listTrainingFiles(deps, actor, input);
    return toPage(data.map(toFileObject), hasMore);
  },
});

/** The body is cut off at the limit while it is read, before it is taken apart. */
async function readForm(request: Request): Promise<{ file: File; purpose: unknown }> {
  const bytes = await readBytes(request, maxFileBytes + formBytes);
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  const form = await new Response(new Uint8Array(bytes), { headers }).formData().catch(() => null);
  const file = form?.get('file');
  if (!(file instanceof File)) {
    const message = 'Send a form (multipart/form-data) with the fields file and purpose.';
    throw new InvalidInputError(message, { file: message });
  }
  return { file, purpose: form?.get('purpose') };
}
