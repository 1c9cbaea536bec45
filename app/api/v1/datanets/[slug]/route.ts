import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import { listVersions } from '#lib/datanets/list-versions.ts';
import { toDatanetDetailObject } from '../_datanet-object.ts';

/** One Datanet by slug or id, with its versions. */
export const GET = defineRoute({
  input: z.object({ slug: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const datanet = await getDatanet(deps.db, input.slug);
    const versions = await listVersions(deps.db, datanet.id);
    return {
      ...toDatanetDetailObject(datanet),
      versions: versions.map((version) => ({
        id: version.id,
        number: version.number,
        root: version.root,
        rows: version.rowCount,
        contributors: version.contributorCount,
        frozen_by: version.frozenBy,
        created_at: version.createdAt,
        anchor: version.anchor && {
          batch: version.anchor.batch,
          tx_hash: version.anchor.txHash,
          block_number: version.anchor.blockNumber,
        },
        rows_url: `/api/v1/datanets/${datanet.slug}/versions/${version.number}/rows.jsonl`,
      })),
    };
  },
});
