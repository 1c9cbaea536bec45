import { Readable } from 'node:stream';
import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { versionCsv } from '#lib/dataset-viewer/version-csv.ts';

/** The rows of a version as CSV for spreadsheets, in pieces as they are read. */
export const GET = defineRoute({
  input: z.object({ slug: z.string().max(80), number: z.coerce.number().int().min(1) }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const version = await getViewerVersion(deps, actor, { dataset: input.slug, revision: input.number });
    return new Response(Readable.toWeb(Readable.from(versionCsv(deps.db, version))) as ReadableStream<Uint8Array>, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${version.slug}-v${version.number}.csv"`,
      },
    });
  },
});
