import { and, eq, inArray, isNull, notExists, notInArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetRoles } from '#db/schema/datanets.ts';
import { goldRows, reviewRoundRows, reviewRounds, reviewVotes } from '#db/schema/guard.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { RoundNotPossibleError } from './errors.ts';

export type RoundPlan = {
  datanetId: string;
  kind: 'review' | 'appeal';
  openedBy: string;
  rows: readonly { id: string; contributor: string }[];
  seats: number;
  quorum: number;
  hours: number;
  /** Who takes no seat besides the rows' contributors. */
  apart: readonly string[];
};

/** One gold row for so many rows, and at least one of either verdict. */
const rowsAGold = 10;

/**
 * Draws validators and gold rows by lot, mixes the places, and opens the round. Which places are gold is in the database only:
 * no read that validators get says it. Who reads the rows that wait (owner, curators) takes no seat, and nobody is dealt a gold row
 * twice: both would know it from the others.
 *
 * @throws {RoundNotPossibleError} too few validators, or no gold row of either verdict that is new to them.
 */
export async function drawRound(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  plan: RoundPlan,
): Promise<{ roundId: string; validators: string[] }> {
  const { owner, curators } = await getDatanetTerms(tx, plan.datanetId);
  const excluded = [
    ...new Set([...plan.apart, owner, ...curators, ...plan.rows.map(({ contributor }) => contributor)]),
  ];
  const found = await tx
    .select({ address: datanetRoles.address })
    .from(datanetRoles)
    .where(
      and(
        eq(datanetRoles.datanetId, plan.datanetId),
        eq(datanetRoles.role, 'validator'),
        notInArray(datanetRoles.address, excluded),
      ),
    )
    .orderBy(datanetRoles.address);
  if (found.length < plan.seats) {
    const text = `${plan.seats} validators are needed who have no part in these rows and are not curators, and this Datanet has ${found.length}. The owner appoints more.`;
    throw new RoundNotPossibleError(text);
  }
  const validators = shuffle(
    deps,
    found.map(({ address }) => address),
  ).slice(0, plan.seats);
  const gold = await drawGold(deps, tx, plan, validators);
  const places = shuffle(deps, [
    ...plan.rows.map(({ id }) => ({ exampleId: id, goldId: null })),
    ...gold.map((id) => ({ exampleId: null, goldId: id })),
  ]);
  const now = deps.now();
  const roundId = newId(deps, 'round');
  const after = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  await tx.insert(reviewRounds).values({
    ...{ id: roundId, datanetId: plan.datanetId, kind: plan.kind, openedBy: plan.openedBy, quorum: plan.quorum },
    ...{ commitUntil: after(plan.hours), revealUntil: after(2 * plan.hours), createdAt: now },
  });
  await tx.insert(reviewRoundRows).values(places.map((place, position) => ({ roundId, position, ...place })));
  await tx.insert(reviewVotes).values(validators.map((validator) => ({ roundId, validator })));
  return { roundId, validators };
}

async function drawGold(
  deps: Pick<Deps, 'randomBytes'>,
  tx: DatabaseOrTransaction,
  { datanetId, rows }: RoundPlan,
  validators: readonly string[],
): Promise<string[]> {
  const seen = tx
    .select({ id: reviewRoundRows.goldId })
    .from(reviewRoundRows)
    .innerJoin(reviewVotes, eq(reviewVotes.roundId, reviewRoundRows.roundId))
    .where(and(eq(reviewRoundRows.goldId, goldRows.id), inArray(reviewVotes.validator, [...validators])));
  const all = await tx
    .select({ id: goldRows.id, verdict: goldRows.verdict })
    .from(goldRows)
    .where(and(eq(goldRows.datanetId, datanetId), isNull(goldRows.retiredAt), notExists(seen)))
    .orderBy(goldRows.id);
  const [good, bad] = ['accept', 'reject'].map((verdict) =>
    shuffle(
      deps,
      all.filter((row) => row.verdict === verdict).map(({ id }) => id),
    ),
  );
  if (good!.length === 0 || bad!.length === 0) {
    throw new RoundNotPossibleError(
      'A round needs a gold row to accept and one to reject that its validators have not seen, so that it shows who reads. The owner adds them.',
    );
  }
  const each = Math.max(1, Math.ceil(rows.length / rowsAGold / 2));
  return [...good!.slice(0, each), ...bad!.slice(0, each)];
}

/** Fisher and Yates, with 32 bits a step: at 100 places the bias is below 2.4e-8. */
function shuffle<T>(deps: Pick<Deps, 'randomBytes'>, list: readonly T[]): T[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const [a, b, c, d] = deps.randomBytes(4);
    const j = (a! * 2 ** 24 + b! * 2 ** 16 + c! * 2 ** 8 + d!) % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
