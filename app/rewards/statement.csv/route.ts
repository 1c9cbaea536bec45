import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { csvCell } from '#lib/kernel/csv-cell.ts';
import { listStatement } from '#lib/rewards/breakdown.ts';

const pageRows = 5_000;

/** An account's statement as CSV, newest first, streamed in pages; amounts in wei, so that nothing is rounded. No receipt: from a common pool. */
export const GET = defineRoute({
  input: z.object({ account: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an account is 0x and 40 hex digits') }),
  auth: 'visitor',
  limit: { name: 'statement', max: 20, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const encoder = new TextEncoder();
    let before: string | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode('time_utc,period,receipt,model,role,amount_wei\n')),
      async pull(controller) {
        const rows = await listStatement(deps.db, input.account, { ...(before ? { before } : {}), limit: pageRows });
        const lines = rows.map((row) =>
          [row.at.toISOString(), row.periodNumber, row.receiptId, row.modelSlug, row.role, row.amountWei]
            .map(csvCell)
            .join(','),
        );
        if (lines.length > 0) controller.enqueue(encoder.encode(`${lines.join('\n')}\n`));
        before = rows.at(-1)?.id;
        if (rows.length < pageRows) controller.close();
      },
    });
    return new Response(body, {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="openledger-statement.csv"',
      },
    });
  },
});
