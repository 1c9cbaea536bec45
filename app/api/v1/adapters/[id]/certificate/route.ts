import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { getCertificateFile } from '#lib/audits/get-certificate-file.ts';
import { getCertificateSchema } from '#lib/audits/schema.ts';

/** An adapter's certificate document, canonical JSON: the current one, or with `sha256` one that a receipt names. */
export const GET = defineRoute({
  input: getCertificateSchema,
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, input, request }) => {
    const file = await getCertificateFile(deps.db, input.id, input.sha256);
    return storedFileResponse(deps, request, {
      ...file,
      name: `${input.id}.certificate.json`,
      type: 'application/json',
    });
  },
});
