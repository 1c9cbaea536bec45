import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { bandKeys } from '#lib/kernel/near-copies/band-keys.ts';
import { compareRows, findLike, type RowSketch, sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { isUndecided } from './find-row-reader.ts';
import { lookedUpRows } from './limits.ts';
import { listGoldTexts } from './list-gold-texts.ts';
import type { NearExample } from './parse/checks/score-rows.ts';
import { tellTwin } from './tell-twin.ts';
import type { ExampleStatus } from './types.ts';

/** The most stored rows that a new one is compared with: those with the most keys in common. */
const comparedMax = 24;
/** Rows that one look-up for all may return. */
const togetherMax = 5_000;

/**
 * For each sketch the oldest row of the Datanet that it is like, or null. Rows that were rejected or taken out do not count,
 * so that who mends a rejected row is not kept out by it. Gold rows count as rows that wait, also as halves of a stitched row. One look-up in an inverted index for 50 rows, and at most 24
 * comparisons a row; a look-up a row where thousands share a key.
 *
 * @param fields names in the Datanet's order
 * @returns one entry a sketch, in order
 */
export async function findNearExamples(
  db: DatabaseOrTransaction,
  { id: datanetId, fields }: { id: string; fields: readonly { name: string }[] },
  sketches: readonly RowSketch[],
  sender: string | null,
): Promise<(NearExample | null)[]> {
  if (sketches.length === 0) return [];
  const textsOf = (data: Record<string, string>) => fields.map(({ name }) => data[name] ?? '');
  const gold = (await listGoldTexts(db, datanetId)).map((data) => sketchRow(textsOf(data)));
  const found: (NearExample | null)[] = [];
  for (let start = 0; start < sketches.length; start += lookedUpRows) {
    const batch = sketches.slice(start, start + lookedUpRows);
    const candidates = await listCandidates(db, datanetId, batch);
    for (const [i, sketch] of batch.entries()) {
      const stored = (candidates.get(i) ?? []).map((row) => [row, sketchRow(textsOf(row.data))] as const);
      const keys = new Set(sketch.bands);
      const hidden = gold.filter(({ bands }) => bands.some((key) => keys.has(key))).map((row) => [null, row] as const);
      const like = findLike<Candidate | null>(sketch, [...stored, ...hidden]);
      if (!like) found.push(null);
      else {
        const twin = like.candidate ? tellTwin(like.candidate, sender) : ({ exampleId: null, status: null } as const);
        found.push({ kind: like.kind, similarity: like.similarity, ...twin });
      }
    }
  }
  return found;
}

/**
 * Rows of the Datanet that are like a stored one, as the row page shows them: older and newer ones, most alike first; those that wait
 * for who decides about them alone.
 */
export async function findNearDuplicates(
  db: DatabaseOrTransaction,
  { exampleId, decides }: { exampleId: string; decides: boolean },
): Promise<{ exampleId: string; similarityPpm: number }[]> {
  const [row] = await db
    .select({ datanetId: examples.datanetId, data: examples.data })
    .from(examples)
    .where(eq(examples.id, exampleId));
  if (!row) return [];
  const fields = Object.keys(row.data);
  if (fields.length === 0) return []; // sealed: this server has no text to compare
  const sketch = sketchRow(fields.map((name) => row.data[name]!));
  const candidates = (await listCandidates(db, row.datanetId, [sketch])).get(0) ?? [];
  return candidates
    .flatMap(({ exampleId: other, status, data }) => {
      if (other === exampleId || (isUndecided(status) && !decides)) return [];
      const likeness = compareRows(sketch, sketchRow(fields.map((name) => data[name] ?? '')));
      return likeness ? [{ exampleId: other, similarityPpm: Math.round(likeness.similarity * 1e6) }] : [];
    })
    .sort((a, b) => b.similarityPpm - a.similarityPpm);
}

type Candidate = {
  exampleId: string;
  status: ExampleStatus;
  contributor: string;
  data: Record<string, string>;
};

async function listCandidates(
  db: DatabaseOrTransaction,
  datanetId: string,
  sketches: readonly RowSketch[],
): Promise<Map<number, Candidate[]>> {
  const keys = sketches.map(({ bands }) => bandKeys(bands, datanetId));
  const likely = await db.transaction(async (tx) => {
    // The planner takes each key for one of half a percent of the rows, and a look-up for a tenth of the table, which it then
    // reads whole: of 16,000 rows 161 ms a row, so that a file of 10,000 rows took minutes; by the index 5 ms.
    await tx.execute(sql`set local enable_seqscan = off`);
    const found = (await findTogether(tx, keys)) ?? (await findOneByOne(tx, keys));
    await tx.execute(sql`set local enable_seqscan to default`);
    return found;
  });
  const ids = [...new Set(likely.map(({ exampleId }) => exampleId))];
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      ...{ exampleId: examples.id, status: examples.status, contributor: examples.contributor },
      data: examples.data,
    })
    .from(examples)
    .where(
      and(
        inArray(examples.id, ids),
        eq(examples.datanetId, datanetId),
        inArray(examples.status, ['pending', 'accepted', 'superseded']),
      ),
    );
  const byId = new Map(rows.map((row) => [row.exampleId, row]));
  const candidates = new Map<number, Candidate[]>();
  for (const { n, exampleId } of likely) {
    const row = byId.get(exampleId);
    if (row) candidates.set(n, [...(candidates.get(n) ?? []), row]);
  }
  return candidates;
}

type Likely = { n: number; exampleId: string };

/**
 * Stored rows that have a key of a new row's, by one walk through the index for all new rows: most have none, and what the index
 * has not sorted in yet is read once and not once a row. Null when so many share a key that they have to be asked for one by one.
 */
async function findTogether(tx: DatabaseOrTransaction, keys: readonly number[][]): Promise<Likely[] | null> {
  const askedBy = new Map<number, number[]>();
  for (const [n, own] of keys.entries()) for (const key of own) askedBy.set(key, [...(askedBy.get(key) ?? []), n]);
  const { rows } = await tx.execute<{ example_id: string; bands: number[] }>(sql`
    select example_id, bands from ${rowChecks}
    where bands && (select array_agg(k::int) from json_array_elements_text(${JSON.stringify([...askedBy.keys()])}::json) k)
    limit ${togetherMax + 1}`);
  if (rows.length > togetherMax) return null;
  const shared = keys.map(() => new Map<string, number>());
  for (const { example_id, bands } of rows)
    for (const band of bands)
      for (const n of askedBy.get(band) ?? []) shared[n]!.set(example_id, (shared[n]!.get(example_id) ?? 0) + 1);
  return shared.flatMap((counts, n) =>
    [...counts]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, comparedMax)
      .map(([exampleId]) => ({ n, exampleId }))
      .sort((a, b) => (a.exampleId < b.exampleId ? -1 : 1)),
  );
}

async function findOneByOne(tx: DatabaseOrTransaction, keys: readonly number[][]): Promise<Likely[]> {
  const asked = JSON.stringify(keys.map((own, n) => ({ n, keys: own })));
  const { rows } = await tx.execute<{ n: number; example_id: string }>(sql`
    select q.n, c.example_id from json_to_recordset(${asked}::json) as q(n int, keys int[])
    cross join lateral (
      -- Apart, or the limit would tempt the planner to read the table from its beginning.
      with hits as materialized (select example_id, bands from ${rowChecks} where bands && q.keys)
      select example_id from (select * from hits limit 500) h
      order by (select count(*) from unnest(h.bands) band where band = any (q.keys)) desc, example_id
      limit ${comparedMax}
    ) c order by q.n, c.example_id`);
  return rows.map(({ n, example_id }) => ({ n, exampleId: example_id }));
}
