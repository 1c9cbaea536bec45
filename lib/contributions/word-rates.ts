import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { allRows, commonWords } from './queries.ts';

/** `rates`: for each common word the part of all rows that have it. */
type Common = { rates: ReadonlyMap<string, number>; total: number };
/** The database looks no more often for tables to analyze. */
const keptMs = 60_000;
const kept = new WeakMap<DatabaseOrTransaction, { askedAt: number; asked: Promise<Common> }>();

/**
 * How many rows of all Datanets are believed to have all `words`, the last of them as a beginning; 0 where a word is too rare for
 * anybody to have counted it. The statistics are those that the planner goes by; they are read once a minute and not once a search.
 */
export async function estimateRows(
  { db, now }: Pick<Deps, 'now'> & { db: DatabaseOrTransaction },
  words: readonly string[],
): Promise<number> {
  const { rates, total } = await readCommon(db, now().getTime());
  const lexemes = words.map((word) => word.toLowerCase());
  const rateOf = (word: string) => rates.get(word) ?? 0;
  // As if words did not know of each other.
  return lexemes
    .slice(0, -1)
    .reduce((rows, word) => rows * rateOf(word), total * rateOfBeginning(rates, lexemes.at(-1)!));
}

function rateOfBeginning(rates: ReadonlyMap<string, number>, beginning: string): number {
  let without = 1;
  for (const [word, rate] of rates) if (word.startsWith(beginning)) without *= 1 - rate;
  return 1 - without;
}

function readCommon(db: DatabaseOrTransaction, nowMs: number): Promise<Common> {
  const before = kept.get(db);
  if (before && Math.abs(nowMs - before.askedAt) < keptMs) return before.asked;
  const asked = askCommon(db);
  kept.set(db, { askedAt: nowMs, asked });
  asked.catch(() => kept.delete(db)); // asked again by the next search
  return asked;
}

async function askCommon(db: DatabaseOrTransaction): Promise<Common> {
  const { rows } = await db.execute<{ rates: [string, number][]; total: number }>(sql`
    select coalesce(json_agg(json_build_array(word, rate)) filter (where word is not null), '[]') as rates, ${allRows} as total
    from (${commonWords}) common`);
  return { rates: new Map(rows[0]!.rates), total: rows[0]!.total };
}
