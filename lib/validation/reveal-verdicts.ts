import { and, count, eq } from 'drizzle-orm';
import { reviewRoundRows, reviewVotes } from '#db/schema/guard.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { lockRound } from './commit-verdicts.ts';
import { RoundClosedError, WrongRevealError } from './errors.ts';
import { commitmentOf, phaseOf } from './rules.ts';
import type { RevealVerdictsInput } from './schema.ts';

/**
 * Says what a validator has committed to, once nobody can commit any more. The same again changes nothing.
 *
 * @throws {RoundClosedError | WrongRevealError | NotSignedInError}
 */
export async function revealVerdicts(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { roundId, verdicts, salt }: RevealVerdictsInput,
): Promise<{ roundId: string }> {
  const { address: validator } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const { round, votes, own } = await lockRound(tx, roundId, validator);
    if (own.verdicts === verdicts && own.salt === salt) return { roundId };
    if (round.settledAt || own.verdicts || phaseOf(round, votes, deps.now()) !== 'reveal') {
      throw new RoundClosedError(
        own.verdicts ? 'You have revealed already.' : 'This is not the time to reveal in this round.',
      );
    }
    const [places] = await tx
      .select({ count: count() })
      .from(reviewRoundRows)
      .where(eq(reviewRoundRows.roundId, roundId));
    const isRight = own.commitment === commitmentOf(roundId, validator, verdicts, salt);
    if (!isRight || verdicts.length !== places?.count) throw new WrongRevealError();
    await tx
      .update(reviewVotes)
      .set({ verdicts, salt, revealedAt: deps.now() })
      .where(and(eq(reviewVotes.roundId, roundId), eq(reviewVotes.validator, validator)));
    return { roundId };
  });
}
