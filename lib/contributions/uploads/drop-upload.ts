import { and, eq, lt } from 'drizzle-orm';
import { uploads } from '#db/schema/uploads.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { UploadClosedError } from './errors.ts';
import { getUpload } from './get-upload.ts';
import { abandonedMs } from './limits.ts';
import { removePieces } from './upload-pieces.ts';

type DropDeps = Pick<Deps, 'db' | 'store' | 'now'>;

/**
 * Gives up an upload whose pieces have not all come; they are taken away. The same file can be sent anew.
 *
 * @throws {UploadClosedError | UploadNotFoundError | NotSignedInError}
 */
export async function dropUpload(deps: DropDeps, actor: Actor, input: { id: string }): Promise<{ id: string }> {
  const { address } = assertAccount(actor);
  const { id, status } = await getUpload(deps, actor, input);
  if (!(await drop(deps, id, address))) throw new UploadClosedError(status);
  return { id };
}

/** Drops uploads of which no piece came for a week. Returns how many. */
export async function dropAbandonedUploads(deps: DropDeps): Promise<number> {
  const before = new Date(deps.now().getTime() - abandonedMs);
  const old = await deps.db
    .select({ id: uploads.id, contributor: uploads.contributor })
    .from(uploads)
    .where(and(eq(uploads.status, 'receiving'), lt(uploads.changedAt, before)));
  for (const { id, contributor } of old) await drop(deps, id, contributor);
  return old.length;
}

async function drop(deps: DropDeps, id: string, contributor: string): Promise<boolean> {
  const dropped = await deps.db
    .update(uploads)
    // The key is given back, so that the same file can begin anew.
    .set({ status: 'dropped', changedAt: deps.now(), idempotencyKey: id })
    .where(and(eq(uploads.id, id), eq(uploads.contributor, contributor), eq(uploads.status, 'receiving')))
    .returning({ id: uploads.id });
  if (dropped.length > 0) await removePieces(deps.store, id);
  return dropped.length > 0;
}
