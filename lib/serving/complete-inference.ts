import { and, eq, sql } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { newId } from '#lib/platform/new-id.ts';
import { giveBackPass } from './give-back-pass.ts';
import { notePayer } from './note-payer.ts';
import { answerFeeWei } from './rules.ts';
import type { ReservedInference } from './types.ts';

export type CompletedAnswer = {
  output: string;
  finishReason: 'stop' | 'length' | 'cancelled';
  promptIds: number[];
  completionIds: number[];
};

/**
 * Ends an answer: stores it, charges its fee, gives back the rest of the hold and posts the ledger, in one transaction.
 * Then queues attribution. A second call for the same inference changes nothing and returns the first fee. An answer
 * that the sweeper already released (the web process was thought dead) is not charged: it returns null.
 */
export async function completeInference(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes' | 'queue'>,
  reserved: ReservedInference,
  answer: CompletedAnswer,
): Promise<{ feeWei: bigint } | null> {
  const now = deps.now();
  const result = await deps.db.transaction(async (tx) => {
    const [row] = await tx.select().from(inferences).where(eq(inferences.id, reserved.inferenceId)).for('update');
    if (!row || row.status === 'failed') return null;
    if (row.status !== 'running') return { feeWei: row.feeWei };
    // An answer without a token has no receipt and cannot be settled, so it costs nothing.
    const price =
      row.payer && answer.completionIds.length > 0
        ? answerFeeWei(reserved.model, answer.promptIds.length, answer.completionIds.length)
        : 0n;
    const feeWei = price < row.ceilingWei ? price : row.ceilingWei; // never more than the caller agreed to
    await tx
      .update(inferences)
      .set({
        status: 'completed',
        output: answer.output,
        finishReason: answer.finishReason,
        promptIds: answer.promptIds,
        completionIds: answer.completionIds,
        feeWei,
        attributionStatus: answer.completionIds.length > 0 ? 'queued' : 'none',
        completedAt: now,
      })
      .where(eq(inferences.id, row.id));
    if (row.channelId) {
      const channelId = row.channelId as `0x${string}`;
      await tx
        .update(channels)
        .set({
          chargedWei: sql`${channels.chargedWei} + ${feeWei}`,
          reservedWei: sql`${channels.reservedWei} - ${row.ceilingWei}`,
          updatedAt: now,
        })
        .where(eq(channels.id, channelId));
    }
    if (row.payer) {
      // Without a channel the money went to the router by a transfer of its own, which is posted when it is indexed.
      const from = row.channelId ? (`channel:${row.channelId as `0x${string}`}` as const) : ('prepaid' as const);
      await postLedger(tx, {
        key: `charge:${row.id}`,
        kind: 'charge',
        entries: [
          { account: from, amountWei: feeWei },
          { account: 'revenue:unsettled', amountWei: -feeWei },
        ],
        at: now,
        id: newId(deps, 'ledger'),
      });
    }
    if (row.payer && feeWei > 0n) await notePayer(tx, row.modelId, row.payer, now);
    if (row.apiKeyId) {
      await tx
        .update(apiKeys)
        .set({ spentWei: sql`${apiKeys.spentWei} + ${feeWei}`, lastUsedAt: now })
        .where(eq(apiKeys.id, row.apiKeyId));
    }
    if (answer.completionIds.length === 0) await giveBackPass(tx, row.passId);
    return { feeWei };
  });
  // After the commit: a lost send is found again by the sweeper (attributionStatus 'queued').
  if (result && answer.completionIds.length > 0) {
    await deps.queue.send('attribute-inference', { inferenceId: reserved.inferenceId }, { key: reserved.inferenceId });
  }
  return result;
}

/** Says that the answer is still being written, so that the sweeper leaves its hold alone. */
export async function touchInference(deps: Pick<Deps, 'db' | 'now'>, inferenceId: string): Promise<void> {
  await deps.db
    .update(inferences)
    .set({ heartbeatAt: deps.now() })
    .where(and(eq(inferences.id, inferenceId), eq(inferences.status, 'running')));
}
