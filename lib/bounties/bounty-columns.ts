import { type SQL, sql } from 'drizzle-orm';
import type { GoalSource } from '#db/schema/bounties.ts';
import { bountyGoals } from '#db/schema/bounties.ts';
import { datanets } from '#db/schema/datanets.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import { bountyState } from './rules.ts';
import type { BountyKind, BountySummary, BountyTerms } from './types.ts';

/** What `bountyColumns` selects. */
export type BountyRecord = {
  id: string;
  kind: BountyKind;
  author: `0x${string}`;
  title: string;
  goal: string;
  goal_hash: `0x${string}`;
  source: GoalSource | null;
  datanet: BountySummary['datanet'];
  created_at: string | Date;
  opened: Record<string, string | number> | null;
  opened_at: string | null;
  funded: string | null;
  awarded: string | null;
};

const text = (value: string): SQL => sql.raw(`'${value}'`);
const eventOf = (name: string, what: SQL): SQL => sql`(select ${what} from ${chainEvents} e
  where e.contract = 'bounties' and e.name = ${text(name)} and e.subject = o.args ->> 'id')`;

/**
 * Goals with the chain's facts about them. The earliest `BountyOpened` with the goal's hash from its author counts: anybody may open one
 * with a copied hash; and its Datanet must be the goal's, or others would decide than the page says. Three index look-ups a goal.
 */
export const bountyColumns: SQL = sql`
  g.id, g.kind, g.author, g.title, g.goal, g.goal_hash, g.source, g.created_at,
  json_build_object('id', d.id, 'slug', d.slug, 'title', d.title) as datanet,
  o.args as opened, b.timestamp as opened_at,
  ${eventOf('BountyFunded', sql`sum((e.args ->> 'amount')::numeric)`)} as funded,
  ${eventOf('BountyAwarded', sql`sum((e.args ->> 'sum')::numeric)`)} as awarded
  from ${bountyGoals} g join ${datanets} d on d.id = g.datanet_id
  left join lateral (select e.args, e.block_number from ${chainEvents} e
    where e.contract = 'bounties' and e.name = 'BountyOpened' and e.subject = g.goal_hash
      and e.args ->> 'opener' = g.author
      and e.args ->> 'terms.datanetId' = case g.kind when 'run' then '0'
        else (select r.args ->> 'id' from ${chainEvents} r
          where r.contract = 'datanetRegistry' and r.name = 'DatanetCreated'
            and r.subject = d.meta_hash and r.args ->> 'owner' = d.owner
          order by r.block_number, r.log_index limit 1) end
    order by e.block_number, e.log_index limit 1) o on true
  left join ${chainBlocks} b on b.number = o.block_number`;

export function toBounty(row: BountyRecord, now: Date): BountySummary {
  const fundedWei = BigInt(row.funded ?? 0);
  const terms = row.opened && toTerms(row.opened);
  return {
    id: row.id,
    kind: row.kind,
    author: row.author,
    title: row.title,
    goal: row.goal,
    goalHash: row.goal_hash,
    source: row.source,
    datanet: row.datanet,
    createdAt: new Date(row.created_at),
    state: bountyState(terms, fundedWei, now),
    onChain: terms && {
      number: String(row.opened!.id),
      openedAt: new Date(Number(row.opened_at) * 1000),
      terms,
      fundedWei,
      awardedWei: BigInt(row.awarded ?? 0),
    },
  };
}

function toTerms(args: Record<string, string | number>): BountyTerms {
  const of = (name: string) => args[`terms.${name}`]!;
  const at = (name: string) => new Date(Number(of(name)) * 1000);
  const isData = String(of('datanetId')) !== '0';
  return {
    registryId: isData ? String(of('datanetId')) : null,
    judge: isData ? null : (String(of('judge')) as `0x${string}`),
    unitWei: BigInt(of('unit')),
    targetWei: BigInt(of('target')),
    fundUntil: at('fundUntil'),
    deadline: at('deadline'),
    windowSeconds: Number(of('window')),
    firmBps: Number(of('firmBps')),
  };
}
