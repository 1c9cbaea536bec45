import { and, count, eq } from 'drizzle-orm';
import { uploads } from '#db/schema/uploads.ts';
import { getContributeAccess } from '#lib/access/get-contribute-access.ts';
import { getDatanetId } from '#lib/datanets/get-datanet-id.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { TooManyUploadsError } from './errors.ts';
import { openUploadsMost } from './limits.ts';
import type { StartUploadInput } from './schema.ts';
import type { UploadView } from './types.ts';
import { toUploadView } from './upload-view.ts';

/**
 * Begins an upload in pieces, or finds the one that the same account began with the same key: that one says from which byte on to send.
 *
 * @throws {RowsClosedError | PlainTextRefusedError | TooManyUploadsError | DatanetNotFoundError | NotSignedInError}
 */
export async function startUpload(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: StartUploadInput,
): Promise<UploadView> {
  const { address: contributor } = assertAccount(actor);
  const datanetId = await getDatanetId(deps.db, input.datanetId);
  await getContributeAccess(deps, actor, datanetId);
  const same = and(
    eq(uploads.contributor, contributor),
    eq(uploads.datanetId, datanetId),
    eq(uploads.idempotencyKey, input.idempotencyKey),
  );
  return deps.db.transaction(async (tx) => {
    const now = deps.now();
    const fresh = {
      ...{ ...input, id: newId(deps, 'upload'), datanetId, contributor, createdAt: now, changedAt: now },
      ...{ receivedBytes: 0, readBytes: 0, readLines: 0, status: 'receiving' as const, faults: [] },
      counts: { new: 0, duplicate: 0, held: 0, invalid: 0 },
    };
    const [started] = await tx.insert(uploads).values(fresh).onConflictDoNothing().returning();
    if (!started) return toUploadView((await tx.select().from(uploads).where(same))[0]!);
    const open = and(eq(uploads.contributor, contributor), eq(uploads.status, 'receiving'));
    const [found] = await tx.select({ open: count() }).from(uploads).where(open);
    if (found!.open > openUploadsMost) throw new TooManyUploadsError(); // rolls it back
    return toUploadView(started);
  });
}
