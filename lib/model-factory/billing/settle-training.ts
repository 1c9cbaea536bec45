import { and, eq, ne, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { apiKeys } from '#db/schema/auth.ts';
import { channels } from '#db/schema/settlement.ts';
import { type BillOutcome, trainingBills } from '#db/schema/training-bills.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { findTrainedTokens } from '../find-trained-tokens.ts';
import { trainingFeeWei } from './training-fee.ts';

type Bill = typeof trainingBills.$inferSelect;

/**
 * Settles the open bill of a run: charges the tokens that were trained and not billed before, the day's free ones first and never
 * more than was held, and gives the rest of the hold back. To be called in the transaction that ends the run: a bill is open
 * only once, so a worker that was killed, or another one that ends the run again, charges nothing a second time.
 *
 * What failed for a cause of ours (`ours`) is charged nothing; when it is resumed and ends, what it had learnt is charged then.
 *
 * @returns the tokens that the bill was for, free ones too
 */
export async function settleTraining(
  deps: { db: DatabaseOrTransaction; now(): Date },
  runId: string,
  outcome: BillOutcome,
): Promise<number> {
  const isOpen = and(eq(trainingBills.runId, runId), eq(trainingBills.status, 'held'));
  const [bill] = await deps.db.select().from(trainingBills).where(isOpen).for('update');
  if (!bill) return 0;
  const tokens = outcome === 'ours' ? 0 : await countUnbilled(deps.db, runId);
  const freeTokens = Math.min(tokens, bill.freeTokens);
  const feeWei = atMost(trainingFeeWei(tokens - freeTokens, bill.weiPerThousandTokens), bill.ceilingWei);
  await deps.db
    .update(trainingBills)
    .set({ status: 'settled', outcome, tokens, freeTokens, feeWei, settledAt: deps.now() })
    .where(eq(trainingBills.id, bill.id));
  if (bill.channelId) await charge(deps, bill, feeWei);
  return tokens;
}

/** Tokens of the run's steps, less those that its earlier bills were for. */
async function countUnbilled(db: DatabaseOrTransaction, runId: string): Promise<number> {
  const { trainedTokens } = await findTrainedTokens(db, runId);
  const [billed] = await db
    .select({ tokens: sql<string>`coalesce(sum(${trainingBills.tokens}), 0)` })
    .from(trainingBills)
    .where(and(eq(trainingBills.runId, runId), ne(trainingBills.status, 'held')));
  return Math.max(0, trainedTokens - Number(billed?.tokens ?? 0));
}

async function charge(deps: { db: DatabaseOrTransaction; now(): Date }, bill: Bill, feeWei: bigint): Promise<void> {
  const channelId = bill.channelId as `0x${string}`;
  await deps.db
    .update(channels)
    .set({
      chargedWei: sql`${channels.chargedWei} + ${feeWei}`,
      reservedWei: sql`${channels.reservedWei} - ${bill.ceilingWei}`,
      updatedAt: deps.now(),
    })
    .where(eq(channels.id, channelId));
  if (feeWei === 0n) return;
  await postLedger(deps.db, {
    ...{ key: `charge:${bill.id}`, kind: 'charge', at: deps.now(), id: derivedId('ledger', bill.id) },
    entries: [
      { account: `channel:${channelId}`, amountWei: feeWei },
      { account: 'revenue:unsettled', amountWei: -feeWei },
    ],
  });
  if (!bill.apiKeyId) return;
  const spent = { spentWei: sql`${apiKeys.spentWei} + ${feeWei}`, lastUsedAt: deps.now() };
  await deps.db.update(apiKeys).set(spent).where(eq(apiKeys.id, bill.apiKeyId));
}

function atMost(wei: bigint, ceilingWei: bigint): bigint {
  if (wei < ceilingWei) return wei;
  return ceilingWei;
}
