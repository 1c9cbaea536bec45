import { and, eq, sql } from 'drizzle-orm';
import { bountyGoals } from '#db/schema/bounties.ts';
import { adapters, inferences, trainingRuns } from '#db/schema/models.ts';
import { getDatanetId } from '#lib/datanets/get-datanet-id.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { BountySourceForbiddenError } from './errors.ts';
import { goalHashOf } from './goal-hash.ts';
import type { WriteGoalInput } from './schema.ts';
import type { GoalSource } from './types.ts';

/**
 * Writes the goal of a bounty for everybody to read. Money comes by the author's transaction, which names `goalHash`. The same words of
 * the same author are one goal. A goal made of a question publishes it, so only who asked may; the same for a training.
 *
 * @throws {BountySourceForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function writeGoal(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: WriteGoalInput,
): Promise<{ id: string; goalHash: `0x${string}` }> {
  const { address: author } = assertAccount(actor);
  const datanetId = await getDatanetId(deps.db, input.datanet);
  const { kind, title, goal, source } = input;
  if (source && !(await isOwnSource(deps, author, source))) throw new BountySourceForbiddenError();
  const goalHash = goalHashOf({ author, kind, datanetId, title, goal });
  const row = { id: newId(deps, 'bounty'), kind, author, datanetId, title, goal, source, goalHash };
  await deps.db
    .insert(bountyGoals)
    .values({ ...row, createdAt: deps.now() })
    .onConflictDoNothing();
  const [stored] = await deps.db
    .select({ id: bountyGoals.id })
    .from(bountyGoals)
    .where(eq(bountyGoals.goalHash, goalHash));
  return { id: stored!.id, goalHash };
}

async function isOwnSource({ db }: Pick<Deps, 'db'>, account: string, { kind, id }: GoalSource): Promise<boolean> {
  const found =
    kind === 'question'
      ? await db
          .select({ one: sql`1` })
          .from(inferences)
          .where(and(eq(inferences.id, id), eq(inferences.payer, account)))
      : await db
          .select({ one: sql`1` })
          .from(adapters)
          .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
          .where(and(eq(adapters.id, id), eq(trainingRuns.owner, account)));
  return found.length > 0;
}
