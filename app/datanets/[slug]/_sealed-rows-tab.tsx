import { getActor } from '#app/_server/session.ts';
import { RowsClosed } from '#components/access/rows-closed.tsx';
import { LazySealedRows } from '#components/sealed-rows/lazy-sealed-rows.tsx';
import { isCurator } from '#lib/datanets/rules.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { listSealedRowsAction } from '../access-actions.ts';
import { reviewExamplesAction } from '../actions.ts';
import { sealedPlace } from './_sealed-place.ts';

/** Rows of an encrypted Datanet: the page has none of their text, the member's browser opens them. */
export async function SealedRowsTab({
  datanet,
  mayRead,
  status = 'accepted',
}: {
  datanet: DatanetDetail;
  mayRead: boolean;
  status?: 'accepted' | 'pending';
}) {
  const actor = await getActor();
  if (!mayRead || actor.kind !== 'account') return <RowsClosed slug={datanet.slug} tier="encrypted" />;
  return (
    <LazySealedRows
      slug={datanet.slug}
      place={sealedPlace(datanet.id, actor.address)}
      fields={datanet.fields}
      status={status}
      list={listSealedRowsAction}
      review={status === 'pending' && isCurator(datanet, actor.address) ? reviewExamplesAction : null}
    />
  );
}
