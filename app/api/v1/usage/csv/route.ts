import { Readable } from 'node:stream';
import { defineRoute } from '#app/_server/define-route.ts';
import { usageFrom, usageSchema } from '#lib/serving/usage/schema.ts';
import { usageCsv } from '#lib/serving/usage/usage-csv.ts';

/** One's charges for spreadsheets, one a line, in pieces as they are read. */
export const GET = defineRoute({
  input: usageSchema,
  auth: 'account',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const lines = usageCsv(deps, actor, { from: usageFrom(deps.now(), input.days) });
    return new Response(Readable.toWeb(Readable.from(lines)) as ReadableStream<Uint8Array>, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="usage-${input.days}-days.csv"`,
        'cache-control': 'private, no-store',
      },
    });
  },
});
