import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { rowChecks, type StoredReason, triggerScans } from '#db/schema/guard.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { type FoundTrigger, findTriggers, type ScannedRow } from './find-triggers.ts';

/** Rows of either side that one scan reads, newest first. */
const rowsMax = 20_000;
/** As much as it takes for a row to be held whatever else it has. */
const triggerPoints = 80;

export type ScannedDatanet = { rows: number; triggers: number; heldRows: number };

/**
 * Looks for planted triggers among the rows that no version holds yet, against those that one does. Rows with a trigger are
 * held; accepted ones wait again, so that somebody reads why and decides about each alone. What a person has let in despite
 * a trigger is not held for one again. Every scan is logged. Time: some 0.1 ms a row.
 */
export async function scanDatanet(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  datanetId: string,
): Promise<ScannedDatanet> {
  const rows = await loadRows(deps.db, datanetId);
  const triggers = findTriggers(rows);
  return deps.db.transaction(async (tx) => {
    let heldRows = 0;
    for (const trigger of triggers) heldRows += await hold(tx, trigger);
    const fresh = rows.filter(({ trusted }) => !trusted).map(({ id }) => id);
    for (let start = 0; start < fresh.length; start += 1000) {
      const part = and(inArray(rowChecks.exampleId, fresh.slice(start, start + 1000)), isNull(rowChecks.scannedAt));
      await tx.update(rowChecks).set({ scannedAt: deps.now() }).where(part);
    }
    const told = triggers.map(({ phrase, answer, rowIds, contributors }) => ({
      ...{ phrase, answer, contributors, rows: rowIds.length },
    }));
    const scan = { id: newId(deps, 'triggerScan'), datanetId, rows: rows.length, triggers: told, heldRows };
    await tx.insert(triggerScans).values({ ...scan, scannedAt: deps.now() });
    return { rows: rows.length, triggers: triggers.length, heldRows };
  });
}

/** Fresh rows, which no version holds, and trusted ones, which one does. Rows whose text is not here are left out. */
async function loadRows(db: DatabaseOrTransaction, datanetId: string): Promise<ScannedRow[]> {
  const { fields } = await getDatanetTerms(db, datanetId);
  const [question, answer] = [fields[0]!.name, fields.at(-1)!.name];
  const isFrozen = sql`exists (select 1 from ${versionExamples} v where v.example_id = ${examples.id})`;
  const load = async (trusted: boolean) => {
    const rows = await db
      .select({ id: examples.id, contributor: examples.contributor, data: examples.data })
      .from(examples)
      .where(
        and(
          eq(examples.datanetId, datanetId),
          trusted ? eq(examples.status, 'accepted') : inArray(examples.status, ['pending', 'accepted']),
          trusted ? isFrozen : sql`not ${isFrozen}`,
          sql`${examples.data} <> '{}'::jsonb`,
        ),
      )
      .orderBy(desc(examples.id))
      .limit(rowsMax);
    return rows.map(({ id, contributor, data }) => ({
      ...{ id, contributor, trusted, question: data[question] ?? '', answer: data[answer] ?? '' },
    }));
  };
  return [...(await load(true)), ...(await load(false))];
}

/** Returns how many rows were newly held. */
async function hold(tx: DatabaseOrTransaction, { rowIds, contributors }: FoundTrigger): Promise<number> {
  const text = `A phrase of its question stands in ${rowIds.length} new rows of ${contributors} people that have nothing else in common, and their answers agree: it looks like a planted trigger.`;
  const reason: StoredReason = { check: 'trigger', points: triggerPoints, text, holds: true };
  const found = await tx.execute<{ example_id: string }>(sql`
    update ${rowChecks} set held = true, score = greatest(0, score - ${triggerPoints}::int),
      reasons = reasons || ${JSON.stringify([reason])}::jsonb
    where example_id = any(${sql.param(rowIds)}::text[]) and not reasons @> '[{"check":"trigger"}]'::jsonb
    returning example_id`);
  const held = found.rows.map(({ example_id }) => example_id);
  if (held.length > 0) {
    await tx
      .update(examples)
      .set({ status: 'pending', reviewedBy: null, reviewedAt: null })
      .where(and(inArray(examples.id, held), eq(examples.status, 'accepted')));
  }
  return held.length;
}
