import { and, desc, eq } from 'drizzle-orm';
import { datanets, datanetVersions, examples } from '#db/schema/datanets.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getOwnedDatanet } from './get-owned-datanet.ts';

/** How far a Datanet of one's own is on its way to a version that can be trained on. */
export type OwnDatanet = {
  id: string;
  slug: string;
  title: string;
  acceptedRows: number;
  /** Held by the guard; the owner decides about each in the review queue. */
  pendingRows: number;
  newest: { id: string; number: number; rowCount: number } | null;
};

/** For its owner. @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError} */
export async function getOwnDatanet(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { datanetId: string },
): Promise<OwnDatanet> {
  const { address } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, address, 'see how far it is');
  const rowsThatAre = (status: 'accepted' | 'pending') =>
    deps.db.$count(examples, and(eq(examples.datanetId, datanet.id), eq(examples.status, status)));
  const [[named], acceptedRows, pendingRows, [newest]] = await Promise.all([
    deps.db.select({ title: datanets.title }).from(datanets).where(eq(datanets.id, datanet.id)),
    rowsThatAre('accepted'),
    rowsThatAre('pending'),
    deps.db
      .select({ id: datanetVersions.id, number: datanetVersions.number, rowCount: datanetVersions.rowCount })
      .from(datanetVersions)
      .where(eq(datanetVersions.datanetId, datanet.id))
      .orderBy(desc(datanetVersions.number))
      .limit(1),
  ]);
  const { id, slug } = datanet;
  const title = named?.title ?? slug;
  return { id, slug, title, acceptedRows, pendingRows, newest: newest ?? null };
}
