import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetRoles, examples } from '#db/schema/datanets.ts';
import { appeals, reviewRoundRows, reviewRounds } from '#db/schema/guard.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { listRounds } from './queries.ts';
import type { RoundView, Waiting } from './types.ts';

type Address = `0x${string}`;

/** Everything in a Datanet that waits on a person: what, on whom, and since when. Oldest first. */
export async function listWaiting(db: DatabaseOrTransaction, datanetId: string, now: Date): Promise<Waiting[]> {
  const datanet = await getDatanetTerms(db, datanetId);
  const rounds = await listRounds(db, datanetId, now);
  const waiting = [
    ...rounds.flatMap(waitingInRound),
    ...(await waitingRows(db, datanetId, [datanet.owner, ...datanet.curators])),
    ...(await waitingAppeals(db, datanetId, datanet.owner)),
  ];
  return waiting.sort((a, b) => a.since.getTime() - b.since.getTime());
}

function waitingInRound({
  id,
  phase,
  votes,
  settledAt,
  createdAt,
  commitUntil,
  revealUntil,
  places,
}: RoundView): Waiting[] {
  if (settledAt || phase === 'over') return [];
  const what = `${places} places of round ${id.slice(-6)}: ${phase === 'commit' ? 'commit to verdicts' : 'reveal them'}`;
  if (phase === 'commit') {
    const who = votes.filter(({ committedAt }) => !committedAt).map(({ validator }) => validator);
    return [{ what, who, since: createdAt, until: commitUntil }];
  }
  const late = votes.filter(({ committedAt, revealedAt }) => committedAt && !revealedAt);
  const last = Math.max(...votes.map(({ committedAt }) => committedAt?.getTime() ?? 0));
  return [{ what, who: late.map(({ validator }) => validator), since: new Date(last), until: revealUntil }];
}

/** Rows that no round has, so that the owner and curators decide. */
async function waitingRows(db: DatabaseOrTransaction, datanetId: string, who: Address[]): Promise<Waiting[]> {
  const [rows] = await db
    .select({ count: sql<number>`count(*)::int`, since: sql<Date | null>`min(${examples.createdAt})` })
    .from(examples)
    .where(
      and(
        eq(examples.datanetId, datanetId),
        eq(examples.status, 'pending'),
        sql`not exists (select 1 from ${reviewRoundRows} p join ${reviewRounds} r on r.id = p.round_id
          where p.example_id = ${examples.id} and r.settled_at is null)`,
      ),
    );
  if (!rows?.since) return [];
  const what = `${rows.count} ${rows.count === 1 ? 'row' : 'rows'}: accept, reject, or give to validators`;
  return [{ what, who, since: new Date(rows.since), until: null }];
}

/** Appeals without a jury wait on the owner, who appoints validators and adds gold rows. */
async function waitingAppeals(db: DatabaseOrTransaction, datanetId: string, owner: Address): Promise<Waiting[]> {
  const rows = await db
    .select({ createdAt: appeals.createdAt })
    .from(appeals)
    .where(and(eq(appeals.datanetId, datanetId), eq(appeals.state, 'open'), isNull(appeals.roundId)))
    .orderBy(asc(appeals.id));
  if (!rows[0]) return [];
  const [validators] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(datanetRoles)
    .where(and(eq(datanetRoles.datanetId, datanetId), eq(datanetRoles.role, 'validator')));
  const what = `${rows.length} ${rows.length === 1 ? 'appeal' : 'appeals'} without a jury: 3 validators are needed who have not judged the row and are no curators (there are ${validators?.count ?? 0}), and gold rows of both verdicts that they have not seen`;
  return [{ what, who: [owner], since: rows[0].createdAt, until: null }];
}
