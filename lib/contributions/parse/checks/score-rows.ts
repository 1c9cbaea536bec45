import type { DatanetField } from '#db/schema/datanets.ts';
import { bandKeys } from '#lib/kernel/near-copies/band-keys.ts';
import { NearRows } from '#lib/kernel/near-copies/near-rows.ts';
import { type Likeness, type RowSketch, sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import type { CheckReason, InputRow, KnownExample, RowVerdict } from '../../types.ts';
import { pickFields } from '../judge-rows.ts';
import { cardOf, scoreRow } from './score-row.ts';

/** Rows with one answer under questions that differ only in their numbers. */
const fillersMin = 100;

export type NearExample = Likeness & KnownExample;
type Terms = { id: string; fields: readonly DatanetField[]; language: string };

/** What the new rows among these are compared by, in their order. */
export function sketchNewRows(
  { fields }: Pick<Terms, 'fields'>,
  rows: readonly InputRow[],
  verdicts: readonly RowVerdict[],
): RowSketch[] {
  return rows.flatMap(({ data }, i) =>
    verdicts[i]!.kind === 'new' ? [sketchRow(Object.values(pickFields(fields, data)))] : [],
  );
}

/**
 * Gives every new row its scorecard. A row that a reader cannot tell from a stored one, or from an earlier one of the same
 * rows, is a duplicate of that; one that is almost the same keeps its place and says so. Pure: the browser knows no stored
 * rows and says the rest before anything is sent.
 *
 * @param verdicts one a row, in order; those of other kinds are returned as they are
 * @param sketches of the new rows, in order
 * @param stored for each sketch the stored row that it is like
 */
export function scoreRows(
  datanet: Terms,
  rows: readonly InputRow[],
  verdicts: readonly RowVerdict[],
  sketches: readonly RowSketch[],
  stored: readonly (NearExample | null)[] = [],
): RowVerdict[] {
  const fillers = findFillers(sketches);
  const earlier = new NearRows();
  const lines: number[] = [];
  return verdicts.map((verdict, i) => {
    if (verdict.kind !== 'new') return verdict;
    const k = lines.push(verdict.line) - 1;
    const sketch = sketches[k]!;
    const match = stored[k] ?? null;
    const twin = earlier.findAndAdd(sketch);
    if (match?.kind === 'same') {
      const { kind: _, similarity: __, ...twin } = match;
      return { ...verdict, kind: 'duplicate', ...twin };
    }
    if (twin?.kind === 'same') return { ...verdict, kind: 'duplicate-in-file', firstLine: lines[twin.row]! };
    const reasons = scoreRow(pickFields(datanet.fields, rows[i]!.data), datanet.language).reasons;
    if (match) reasons.push(copyReason(match, 'another row', match.exampleId));
    else if (twin) reasons.push(copyReason(twin, `line ${lines[twin.row]}`));
    else if (fillers.has(k)) reasons.push(fillerReason(fillers.get(k)!));
    const bands = match || twin ? [] : bandKeys(sketch.bands, datanet.id);
    return { ...verdict, card: cardOf(reasons), bands };
  });
}

/** Costs enough to be held: a person decides whether it is a fact of its own. */
function copyReason({ kind, similarity }: Likeness, of: string, exampleId?: string | null): CheckReason {
  if (kind === 'stitched') {
    const text = `Its answer is word for word that of ${of}, under a question that yet another row asks.`;
    return { check: 'copy', points: 60, text, ...(exampleId && { exampleId }) };
  }
  const text = `It says almost the same as ${of} (${Math.floor(100 * similarity)} % alike). To better that row, improve it instead.`;
  return { check: 'copy', points: 60, text, ...(exampleId && { exampleId }) };
}

function fillerReason(rows: number): CheckReason {
  const text = `${rows} rows of this file have the same answer and differ only in the numbers of the question.`;
  return { check: 'copy', points: 60, text };
}

/** By place, how many rows are the same but for the numbers of the question, where those are many. */
function findFillers(sketches: readonly RowSketch[]): Map<number, number> {
  if (sketches.length < fillersMin) return new Map();
  const keys = sketches.map(
    ({ parts }) =>
      `${parts
        .slice(0, -1)
        .join(' ')
        .replace(/\p{N}+/gu, '#')}\n${parts.at(-1)}`,
  );
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map(keys.flatMap((key, k) => (counts.get(key)! >= fillersMin ? [[k, counts.get(key)!]] : [])));
}
