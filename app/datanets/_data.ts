import 'server-only';
import { unstable_cache } from 'next/cache';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { columnStats } from '#lib/datanets/column-stats.ts';
import { countDatanetFacets } from '#lib/datanets/datanet-facets.ts';
import { DatanetNotFoundError } from '#lib/datanets/errors.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import { listDatanets } from '#lib/datanets/list-datanets.ts';
import { isCurator } from '#lib/datanets/rules.ts';
import type { ListDatanetsInput } from '#lib/datanets/schema.ts';
import type { ColumnStats, DatanetDetail } from '#lib/datanets/types.ts';
import { columnsTag } from './_tags.ts';

/** A page of Datanets and the facets beside it. */
export async function loadDatanetList(input: ListDatanetsInput) {
  const { db } = buildDeps();
  const [page, facets] = await Promise.all([listDatanets(db, input), countDatanetFacets(db, input)]);
  return { page, facets };
}

/** Who looks at a Datanet, and what they may do with it. */
export type Viewer = { address: `0x${string}` | null; isOwner: boolean; isCurator: boolean };

/** One Datanet and its reader's part in it; null when there is none by that name. Asked once a request. */
export const loadDatanet = cache(async (slug: string): Promise<{ datanet: DatanetDetail; viewer: Viewer } | null> => {
  const { db } = buildDeps();
  try {
    const [datanet, actor] = await Promise.all([getDatanet(db, slug), getActor()]);
    const address = actor.kind === 'account' ? actor.address : null;
    const viewer = {
      address,
      isOwner: address === datanet.owner,
      isCurator: address !== null && isCurator(datanet, address),
    };
    return { datanet, viewer };
  } catch (error) {
    if (error instanceof DatanetNotFoundError) return null;
    throw error;
  }
});

/** Histograms of a Datanet's texts. They read every row, so they are kept until a row is decided or withdrawn. */
export function loadColumnStats(datanetId: string, fields: readonly string[]): Promise<ColumnStats[]> {
  const read = unstable_cache(() => columnStats(buildDeps().db, { datanetId, fields }), ['column-stats', datanetId], {
    tags: [columnsTag(datanetId)],
    revalidate: 600,
  });
  return read();
}
