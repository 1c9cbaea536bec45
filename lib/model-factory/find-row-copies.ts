import type { CopyOf, TrainingEngine, TrainingRow } from './training-engine.ts';

/** A row of a version with the texts that it replaced, each under the id of the row that it was. */
export type RowWithPast = { row: TrainingRow; formerly: readonly TrainingRow[] };

/**
 * Which rows copy an older one, also through texts that stand in the Datanet no more: a replaced text goes on to be older than
 * what copies it, and its credit is with the row that took its place. Without that, cleaning a row would make originals of its
 * copies, and the cleaned row a copy of them. It takes nothing from anybody else: what a row became is as old as it is, so it is a
 * copy of rows that had its words before it.
 *
 * @param rows in the order of contribution; ids of rows that replaced another sort in that order
 */
export async function findRowCopies(
  engine: Pick<TrainingEngine, 'findCopies'>,
  rows: readonly RowWithPast[],
): Promise<CopyOf[]> {
  const past = rows.flatMap(({ row, formerly }) => formerly.map((text) => ({ text, rowId: row.id })));
  const found = await engine.findCopies(
    inOrder(
      rows,
      past.map(({ text }) => text),
    ),
  );
  const rowOf = new Map(past.map(({ text, rowId }) => [text.id, rowId]));
  const copies = new Map(found.map((copy) => [copy.id, copy]));
  /** The row that has the credit of `id`: itself when it is new, or only like what it was. */
  const originalOf = (id: string, seen: ReadonlySet<string> = new Set()): string => {
    const row = rowOf.get(id) ?? id;
    const older = copies.get(row)?.copyOf;
    if (older === undefined || seen.has(row)) return row;
    return originalOf(older, new Set([...seen, row]));
  };
  return found.flatMap((copy) => {
    const copyOf = originalOf(copy.id);
    return rowOf.has(copy.id) || copyOf === copy.id ? [] : [{ ...copy, copyOf }];
  });
}

function inOrder(rows: readonly RowWithPast[], past: readonly TrainingRow[]): TrainingRow[] {
  const waiting = past.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return [
    ...rows.flatMap(({ row }) => {
      const older = waiting.findIndex(({ id }) => id >= row.id);
      return [...waiting.splice(0, older < 0 ? waiting.length : older), row];
    }),
    ...waiting,
  ];
}
