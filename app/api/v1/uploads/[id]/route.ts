import { defineRoute } from '#app/_server/define-route.ts';
import { getUpload } from '#lib/contributions/uploads/get-upload.ts';
import { uploadIdSchema } from '#lib/contributions/uploads/schema.ts';
import { toUploadObject } from '../_upload-object.ts';

/** How far an upload of one's own has come, and what became of its rows. */
export const GET = defineRoute({
  input: uploadIdSchema,
  auth: 'account',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => toUploadObject(await getUpload(deps, actor, input)),
});
