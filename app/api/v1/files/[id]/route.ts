import { defineRoute } from '#app/_server/define-route.ts';
import { deleteTrainingFile } from '#lib/fine-tuning/delete-training-file.ts';
import { getTrainingFile } from '#lib/fine-tuning/get-training-file.ts';
import { fileIdSchema } from '#lib/fine-tuning/schema.ts';
import { toFileObject } from '../_file-object.ts';

export const GET = defineRoute({
  input: fileIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => toFileObject(await getTrainingFile(deps, actor, input)),
});

/** Destroys the file's bytes; what a job made of its rows stays. */
export const DELETE = defineRoute({
  input: fileIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'files', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    await deleteTrainingFile(deps, actor, input);
    return { id: input.id, object: 'file', deleted: true };
  },
});
