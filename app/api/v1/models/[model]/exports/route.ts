import { defineRoute } from '#app/_server/define-route.ts';
import { jsonResponse } from '#app/_server/json-response.ts';
import { listModelExports } from '#lib/model-exports/list-model-exports.ts';
import { requestModelExport } from '#lib/model-exports/request-model-export.ts';
import { modelSchema, requestExportSchema } from '#lib/model-exports/schema.ts';

/** The owner's list of what the model can be taken away as, with files that are ready. */
export const GET = defineRoute({
  input: modelSchema,
  auth: 'account',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => ({ object: 'list', data: await listModelExports(deps, actor, input) }),
});

/** Has the files of a `format` made; 202 until they are ready. */
export const POST = defineRoute({
  input: requestExportSchema,
  auth: 'account',
  limit: { name: 'export-model', max: 20, windowSeconds: 3_600 },
  run: async ({ deps, actor, input }) => {
    const result = await requestModelExport(deps, actor, input);
    return jsonResponse(result, { status: result.state === 'ready' ? 200 : 202 });
  },
});
