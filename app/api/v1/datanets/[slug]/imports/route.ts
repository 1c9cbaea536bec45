import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { importRows } from '#lib/contributions/import-rows.ts';
import { importRowsSchema } from '#lib/contributions/schema.ts';
import { getDatanetId } from '#lib/datanets/get-datanet-id.ts';

/** Rows of an existing dataset under their authors' names, at most 500 at once; `npm run datanet -- import` sends them. */
export const POST = defineRoute({
  input: importRowsSchema.omit({ datanetId: true }).extend({ slug: z.string().max(80) }),
  auth: 'account',
  limit: { name: 'import-rows', max: 600, windowSeconds: 60 },
  maxBytes: 6_000_000, // 500 rows of 8 kB, escaped
  run: async ({ deps, actor, input: { slug, ...input } }) => {
    const id = await getDatanetId(deps.db, slug);
    const { storedRows, acceptedRows, verdicts } = await importRows(deps, actor, { ...input, datanetId: id });
    return { object: 'datanet.import', stored: storedRows, accepted: acceptedRows, verdicts };
  },
});
