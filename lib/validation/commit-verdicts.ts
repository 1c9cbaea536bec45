import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { reviewRounds, reviewVotes } from '#db/schema/guard.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { RoundClosedError } from './errors.ts';
import { phaseOf } from './rules.ts';
import type { CommitVerdictsInput } from './schema.ts';

/**
 * Binds a validator to verdicts that nobody can read yet. Once each; the same hash again changes nothing.
 *
 * @throws {RoundClosedError | NotSignedInError}
 */
export async function commitVerdicts(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { roundId, commitment }: CommitVerdictsInput,
): Promise<{ roundId: string }> {
  const { address: validator } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const { round, votes, own } = await lockRound(tx, roundId, validator);
    if (own.commitment === commitment) return { roundId };
    if (own.commitment) throw new RoundClosedError('You have committed to your verdicts in this round already.');
    if (round.settledAt || phaseOf(round, votes, deps.now()) !== 'commit') {
      throw new RoundClosedError('The time to commit in this round is over.');
    }
    await tx
      .update(reviewVotes)
      .set({ commitment, committedAt: deps.now() })
      .where(and(eq(reviewVotes.roundId, roundId), eq(reviewVotes.validator, validator)));
    return { roundId };
  });
}

/** The round and its votes, locked: phases depend on what the others have done. Throws RoundClosedError for who has no seat. */
export async function lockRound(tx: DatabaseOrTransaction, roundId: string, validator: string) {
  const [round] = await tx.select().from(reviewRounds).where(eq(reviewRounds.id, roundId)).for('update');
  const votes = await tx.select().from(reviewVotes).where(eq(reviewVotes.roundId, roundId));
  const own = votes.find((vote) => vote.validator === validator);
  if (!round || !own) throw new RoundClosedError('You have no seat in such a round.');
  return { round, votes, own };
}
