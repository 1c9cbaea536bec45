import { and, count, desc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { receipts } from '#db/schema/models.ts';
import { ReceiptNotFoundError } from '#lib/attribution/errors.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { ChallengeDecidedError, ChallengeLimitError, ChallengeOpenError } from './errors.ts';
import { challengesADay, challengesWaitingMax, restMs } from './limits.ts';
import { toChallengeView } from './queries.ts';
import type { ChallengeView } from './types.ts';

const dayMs = 86_400_000;

/**
 * Asks for a receipt to be computed again by this gateway, independently of what is stored about it: files by their hashes,
 * gradient from the logged tokens. Until that is done no new reward period takes the receipt. Anybody who is signed in may ask:
 * it is free, bounded by limits, and a receipt that came out the same is left alone for a day.
 *
 * Throws ReceiptNotFoundError, ChallengeOpenError, ChallengeDecidedError, ChallengeLimitError.
 */
export async function challengeReceipt(
  deps: Pick<Deps, 'db' | 'queue' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: { receiptId: string },
): Promise<ChallengeView> {
  const { address } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    // One at a time, so that the limits below are exact.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('receipt-challenges'))`);
    // Of answers alone: trainings, passes and tasks are not scored, so there is nothing to recompute.
    const isAnswer = and(eq(receipts.id, input.receiptId), isNotNull(receipts.inferenceId));
    const [receipt] = await tx.select({ id: receipts.id }).from(receipts).where(isAnswer);
    if (!receipt) throw new ReceiptNotFoundError();
    const now = deps.now();
    await assertNotChecked(tx, input.receiptId, now);
    await assertWithinLimits(tx, address, now);
    const row = {
      ...{ id: newId(deps, 'challenge'), receiptId: input.receiptId, challenger: address, status: 'queued' as const },
      ...{ step: null, detail: null, steps: null, createdAt: now, decidedAt: null },
    };
    await tx.insert(receiptChallenges).values(row);
    await deps.queue.send('check-challenge', { challengeId: row.id }, { key: row.id, tx });
    return toChallengeView(row);
  });
}

async function assertNotChecked(tx: DatabaseOrTransaction, receiptId: string, now: Date): Promise<void> {
  const [last] = await tx
    .select()
    .from(receiptChallenges)
    .where(and(eq(receiptChallenges.receiptId, receiptId), ne(receiptChallenges.status, 'failed')))
    .orderBy(desc(receiptChallenges.createdAt))
    .limit(1);
  if (!last) return;
  if (last.status === 'queued') throw new ChallengeOpenError();
  const rests = now.getTime() - (last.decidedAt ?? now).getTime() < restMs;
  if (last.status === 'upheld' || rests) {
    throw new ChallengeDecidedError(last.status === 'upheld' ? 'upheld' : 'rejected', last.decidedAt ?? now);
  }
}

async function assertWithinLimits(tx: DatabaseOrTransaction, challenger: string, now: Date): Promise<void> {
  const since = new Date(now.getTime() - dayMs);
  const [own] = await tx
    .select({ asked: count() })
    .from(receiptChallenges)
    .where(and(eq(receiptChallenges.challenger, challenger), gt(receiptChallenges.createdAt, since)));
  if (own!.asked >= challengesADay) throw new ChallengeLimitError(challengesADay, 3_600);
  const [all] = await tx
    .select({ waiting: count() })
    .from(receiptChallenges)
    .where(eq(receiptChallenges.status, 'queued'));
  if (all!.waiting >= challengesWaitingMax) throw new ChallengeLimitError(challengesWaitingMax, 60);
}
