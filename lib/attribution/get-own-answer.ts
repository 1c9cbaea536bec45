import { eq } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ReceiptNotFoundError } from './errors.ts';

/**
 * The logged answer behind a receipt, for who asked. Whose it is not gets the same refusal as where there is none.
 *
 * `callerKey`: of a visitor with a free answer. Throws ReceiptNotFoundError.
 */
export async function getOwnAnswer(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string },
): Promise<typeof inferences.$inferSelect & { output: string }> {
  const [row] = await deps.db
    .select()
    .from(inferences)
    .where(eq(inferences.id, input.receiptId.replace(/^rcp_/, 'inf_')));
  const isTheirs = row?.payer
    ? actor.kind === 'account' && row.payer === actor.address
    : row?.callerKey === input.callerKey;
  if (!row || !isTheirs || row.output === null) throw new ReceiptNotFoundError();
  return { ...row, output: row.output };
}
