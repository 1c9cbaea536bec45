import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { storedFileResponse } from '#app/_server/stored-file-response.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';

/** The certificate that this receipt was paid by; the adapter's newest one may be another. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'download', max: 60, windowSeconds: 60 },
  run: async ({ deps, input, request }) => {
    const { certificateKey: key } = await getReceiptFiles(deps.db, input.id);
    if (!key) throw new ReceiptNotFoundError();
    const file = { key, hash: key.split('/')[1]!, name: 'certificate.json', type: 'application/json' };
    return storedFileResponse(deps, request, file);
  },
});
