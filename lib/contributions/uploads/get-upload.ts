import { and, desc, eq, gt, inArray, lt, or } from 'drizzle-orm';
import { uploads } from '#db/schema/uploads.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { UploadNotFoundError } from './errors.ts';
import type { UploadView } from './types.ts';
import { toUploadView } from './upload-view.ts';

/** An upload of one's own. @throws {UploadNotFoundError | NotSignedInError} */
export async function getUpload(deps: Pick<Deps, 'db'>, actor: Actor, { id }: { id: string }): Promise<UploadView> {
  const { address } = assertAccount(actor);
  const [row] = await deps.db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), eq(uploads.contributor, address)));
  if (!row) throw new UploadNotFoundError();
  return toUploadView(row);
}

const shownAfterMs = 3_600_000;

/** An account's uploads to a Datanet that are under way, or ended within the hour; newest first, at most 10. */
export async function listUploads(
  deps: Pick<Deps, 'db' | 'now'>,
  { datanetId, contributor }: { datanetId: string; contributor: string },
): Promise<UploadView[]> {
  const since = new Date(deps.now().getTime() - shownAfterMs);
  const own = and(eq(uploads.contributor, contributor), eq(uploads.datanetId, datanetId));
  const shown = or(
    inArray(uploads.status, ['receiving', 'reading']),
    and(inArray(uploads.status, ['done', 'failed']), gt(uploads.changedAt, since)),
  );
  const rows = await deps.db.select().from(uploads).where(and(own, shown)).orderBy(desc(uploads.id)).limit(10);
  return rows.map(toUploadView);
}

const quietMs = 30_000;

/** Uploads whose rows should be being read, and of which nothing was heard for half a minute. */
export async function listWaitingUploads({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<string[]> {
  const before = new Date(now().getTime() - quietMs);
  const quiet = and(eq(uploads.status, 'reading'), lt(uploads.changedAt, before));
  return (await db.select({ id: uploads.id }).from(uploads).where(quiet)).map(({ id }) => id);
}
