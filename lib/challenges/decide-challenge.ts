import { and, eq } from 'drizzle-orm';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { firstDifference, type StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { ReceiptVerifier } from './types.ts';

type Decision = { status: 'upheld' | 'rejected' | 'failed'; step: string | null; detail: string | null };

/**
 * Computes a challenged receipt again and writes down what came out. upheld: a step differs, the receipt is frozen · rejected:
 * none does · failed: the check itself could not be done, which decides nothing and holds nothing back. Runs as a job, may run
 * twice: a decided challenge stays as it is. Returns the decision, null when there was nothing to decide.
 */
export async function decideChallenge(
  deps: Pick<Deps, 'db' | 'now' | 'log'>,
  verify: ReceiptVerifier,
  challengeId: string,
): Promise<(Decision & { receiptId: string }) | null> {
  const isOpen = and(eq(receiptChallenges.id, challengeId), eq(receiptChallenges.status, 'queued'));
  const [challenge] = await deps.db.select().from(receiptChallenges).where(isOpen);
  if (!challenge) return null;
  const { receiptId } = challenge;
  const { steps, ...decision } = await check(verify, receiptId);
  if (decision.status !== 'rejected') deps.log.error({ challengeId, receiptId, ...decision }, 'a challenged receipt');
  const changed = await deps.db
    .update(receiptChallenges)
    .set({ ...decision, steps, decidedAt: deps.now() })
    .where(isOpen)
    .returning({ id: receiptChallenges.id });
  return changed.length > 0 ? { ...decision, receiptId } : null;
}

async function check(verify: ReceiptVerifier, receiptId: string): Promise<Decision & { steps: StepOutcome[] }> {
  try {
    const steps = await verify(receiptId);
    const differing = firstDifference(steps);
    if (!differing) return { status: 'rejected', step: null, detail: null, steps };
    return { status: 'upheld', step: differing.name, detail: differing.detail, steps };
  } catch (error) {
    return { status: 'failed', step: 'the check could not be done', detail: (error as Error).message, steps: [] };
  }
}
