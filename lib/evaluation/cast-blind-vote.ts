import { and, eq, isNotNull } from 'drizzle-orm';
import { blindVotes, evaluationRows } from '#db/schema/evaluation.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { VoteRefusedError } from './errors.ts';
import { findBlindPair, isTunedLeft } from './find-blind-pair.ts';
import type { CastVoteInput } from './schema.ts';
import type { BlindChoice, BlindPair } from './types.ts';

export type CastVote = { choice: BlindChoice; next: BlindPair | null };

/**
 * Keeps which of two answers somebody preferred, and says now whose it was. One vote an account and row, by who may read the rows.
 *
 * @throws {VoteRefusedError | NotSignedInError}
 */
export async function castBlindVote(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { evaluationId, rowId, side }: CastVoteInput,
): Promise<CastVote> {
  const { address: voter } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const inside = { ...deps, db: tx };
    // Who may not read the rows is offered no pair.
    if (!(await findBlindPair(inside, actor, evaluationId))) throw new VoteRefusedError();
    const [row] = await tx
      .select()
      .from(evaluationRows)
      .where(
        and(
          eq(evaluationRows.evaluationId, evaluationId),
          eq(evaluationRows.rowId, rowId),
          isNotNull(evaluationRows.tunedAnswer),
        ),
      );
    if (!row) throw new VoteRefusedError();
    const tunedSide = isTunedLeft(evaluationId, rowId, voter) ? 'left' : 'right';
    const choice: BlindChoice = side === 'tie' ? 'tie' : side === tunedSide ? 'tuned' : 'base';
    const kept = await tx
      .insert(blindVotes)
      .values({ evaluationId, rowId, voter, choice, votedAt: deps.now() })
      .onConflictDoNothing()
      .returning();
    if (kept.length === 0) throw new VoteRefusedError();
    return { choice, next: await findBlindPair(inside, actor, evaluationId) };
  });
}
