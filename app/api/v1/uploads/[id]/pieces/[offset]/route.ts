import { defineRoute } from '#app/_server/define-route.ts';
import { readBytes } from '#app/_server/read-input.ts';
import { pieceBytes } from '#lib/contributions/limits.ts';
import { putPiece } from '#lib/contributions/uploads/put-piece.ts';
import { uploadPieceSchema } from '#lib/contributions/uploads/schema.ts';
import { toUploadObject } from '../../../_upload-object.ts';

/** The file's bytes from `offset` on, at most 4 MiB, as the body. */
export const POST = defineRoute({
  input: uploadPieceSchema,
  auth: 'account',
  limit: { name: 'upload-piece', max: 600, windowSeconds: 60 },
  maxBytes: 0,
  run: async ({ deps, actor, input, request }) => {
    const bytes = await readBytes(request, pieceBytes);
    return toUploadObject(await putPiece(deps, actor, { ...input, bytes }));
  },
});
