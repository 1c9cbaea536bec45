import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { activeSince, listActiveDatanets } from './list-active-datanets.ts';
import { countAnswers } from './list-answers.ts';
import { countEarners } from './list-earners.ts';
import { listLiveModels } from './list-live-models.ts';
import type { Totals } from './types.ts';

/** The five totals of the home page, each by the very query that its explorer link shows. */
export async function getTotals(db: DatabaseOrTransaction, now: Date): Promise<Totals> {
  const [paidWei, earners, independent, active, live] = await Promise.all([
    sumClaimed(db),
    countEarners(db),
    countAnswers(db, { independentOnly: true }),
    listActiveDatanets(db, activeSince(now)),
    listLiveModels(db),
  ]);
  return {
    paidWei,
    earners,
    independentAnswers: independent.answers,
    independentPayers: independent.payers,
    activeDatanets: active.length,
    liveModels: live.length,
  };
}

/** What AttributionLedger has paid out, by the chain's own events. */
export async function sumClaimed(db: DatabaseOrTransaction): Promise<bigint> {
  const result = await db.execute<{ paid: string | null }>(sql`
    select sum((e.args ->> 'amount')::numeric)::text as paid from ${chainEvents} e
    where e.contract = 'attributionLedger' and e.name = 'Claimed'`);
  return BigInt(result.rows[0]?.paid ?? '0');
}
