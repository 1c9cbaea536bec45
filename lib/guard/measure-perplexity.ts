import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetAccess } from '#db/schema/access.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { rowChecks, type StoredReason } from '#db/schema/guard.ts';
import { rowPerplexities } from '#db/schema/perplexity.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { measuredQueue } from './list-unmeasured.ts';
import {
  judgePerplexity,
  type PerplexityBounds,
  type PerplexityVerdict,
  perplexityBounds,
} from './perplexity-bounds.ts';

/** A base model, and the mean loss in nats of a text's tokens under it; texts that are too short are left out. */
export type PerplexityEngine = {
  baseModel: string;
  measure(rows: readonly { id: string; text: string }[]): Promise<{ id: string; tokens: number; loss: number }[]>;
};

/** Rows that wait and are read at once, and accepted rows that say what is usual, newest first. */
const batchRows = 400;
const referenceRows = 200;
/** Too few to hold a row by themselves: an unusual row is marked for who decides, and nothing more. */
const points = 30;

/**
 * Reads the rows that wait longest under a base model and marks those that are unusual for their Datanet: too surprising (noise), or
 * too little (boilerplate). Their scores fall by 30 points with the reason; nothing is held by it alone. Rows are compared with accepted
 * ones of the Datanet, or of public ones in its language while it has fewer than 30; with fewer than that they are read and not judged.
 * Time: some 8 ms a row of CPU for a base of 1.7 million parameters. Harmless to repeat: a row is read once.
 *
 * @returns rows read, and of these the marked ones
 */
export async function measurePerplexity(
  deps: Pick<Deps, 'db' | 'now'>,
  engine: PerplexityEngine,
  datanetId: string,
): Promise<{ read: number; marked: number }> {
  const { fields, language } = await getDatanetTerms(deps.db, datanetId);
  const textOf = ({ id, data }: Row) => ({ id, text: fields.map(({ name }) => data[name] ?? '').join('\n') });
  const accepted = await listUnread(deps.db, { datanetId, status: 'accepted', newest: true, of: referenceRows });
  const waiting = await listUnread(deps.db, { datanetId, status: 'pending', newest: false, of: measuredQueue });
  const batch = waiting.slice(0, batchRows);
  const losses = await engine.measure([...accepted, ...batch].map(textOf));
  const known = new Map(losses.map((row) => [row.id, row]));
  return deps.db.transaction(async (tx) => {
    await store(deps, tx, { engine, datanetId, known, rows: accepted, verdictOf: () => null });
    const bounds = await findBounds(tx, { datanetId, language, baseModel: engine.baseModel });
    const verdicts = new Map<string, PerplexityVerdict | null>();
    const verdictOf = (id: string, loss: number) => {
      const verdict = bounds && judgePerplexity(loss, bounds);
      verdicts.set(id, verdict);
      return verdict;
    };
    const stored = await store(deps, tx, { engine, datanetId, known, rows: batch, verdictOf });
    let marked = 0;
    for (const verdict of ['high', 'low'] as const)
      marked += await mark(
        tx,
        verdict,
        stored.filter((id) => verdicts.get(id) === verdict),
      );
    return { read: stored.length, marked };
  });
}

type Row = { id: string; data: Record<string, string> };

async function listUnread(
  db: DatabaseOrTransaction,
  { datanetId, status, newest, of }: { datanetId: string; status: string; newest: boolean; of: number },
): Promise<Row[]> {
  const { rows } = await db.execute<Row>(sql`
    select q.id, q.data from (
      select e.id, e.data from ${examples} e where e.datanet_id = ${datanetId} and e.status = ${status}
      order by e.id ${newest ? sql`desc` : sql`asc`} limit ${of}
    ) q where q.data <> '{}'::jsonb and not exists (select 1 from ${rowPerplexities} p where p.example_id = q.id)
    order by q.id`);
  return rows;
}

/** Ids of the rows that nobody stored before. A text without two tokens is stored with a loss of 0 and no verdict. */
async function store(
  { now }: Pick<Deps, 'now'>,
  tx: DatabaseOrTransaction,
  input: {
    engine: PerplexityEngine;
    datanetId: string;
    known: ReadonlyMap<string, { tokens: number; loss: number }>;
    rows: readonly Row[];
    verdictOf: (id: string, loss: number) => PerplexityVerdict | null;
  },
): Promise<string[]> {
  const { engine, datanetId, known, rows, verdictOf } = input;
  if (rows.length === 0) return [];
  const values = rows.map(({ id }) => {
    const measured = known.get(id);
    return {
      ...{ exampleId: id, datanetId, baseModel: engine.baseModel, tokens: measured?.tokens ?? 0, measuredAt: now() },
      milliNats: Math.round(1000 * (measured?.loss ?? 0)),
      verdict: measured ? verdictOf(id, measured.loss) : null,
    };
  });
  const stored = await tx
    .insert(rowPerplexities)
    .values(values)
    .onConflictDoNothing()
    .returning({ id: rowPerplexities.exampleId });
  return stored.map(({ id }) => id);
}

async function findBounds(
  tx: DatabaseOrTransaction,
  { datanetId, language, baseModel }: { datanetId: string; language: string; baseModel: string },
): Promise<PerplexityBounds | null> {
  const isReference = sql`p.base_model = ${baseModel} and p.tokens > 0 and e.status = 'accepted'`;
  const own = await tx.execute<{ milli_nats: number }>(sql`
    select p.milli_nats from ${rowPerplexities} p join ${examples} e on e.id = p.example_id
    where p.datanet_id = ${datanetId} and ${isReference} order by p.example_id desc limit ${referenceRows}`);
  const nats = (rows: { milli_nats: number }[]) => rows.map(({ milli_nats }) => milli_nats / 1000);
  const bounds = perplexityBounds(nats(own.rows), 'own');
  if (bounds) return bounds;
  const others = await tx.execute<{ milli_nats: number }>(sql`
    select p.milli_nats from ${rowPerplexities} p join ${examples} e on e.id = p.example_id
    join ${datanets} d on d.id = p.datanet_id
    where d.language = ${language} and ${isReference}
      and not exists (select 1 from ${datanetAccess} a where a.datanet_id = d.id)
    order by p.example_id desc limit ${5 * referenceRows}`);
  return perplexityBounds(nats(others.rows), 'language');
}

const sentences = {
  high: 'A language model finds its text far more surprising than the accepted rows: it may be noise, or another language. Read it closely.',
  low: 'A language model could have guessed nearly all of its text, unlike the accepted rows: it may be boilerplate or repetition. Read it closely.',
} as const;

async function mark(tx: DatabaseOrTransaction, verdict: 'high' | 'low', ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const reason: StoredReason = { check: 'perplexity', points, text: sentences[verdict] };
  const { rowCount } = await tx.execute(sql`
    update ${rowChecks} set held = held or score - ${points}::int < 50, score = greatest(0, score - ${points}::int),
      reasons = reasons || ${JSON.stringify([reason])}::jsonb
    where example_id = any(${sql.param([...ids])}::text[]) and not reasons @> '[{"check":"perplexity"}]'::jsonb`);
  return rowCount ?? 0;
}
