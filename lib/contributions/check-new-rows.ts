import type { DatabaseOrTransaction } from '#db/client.ts';
import type { DatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { NearRows } from '#lib/kernel/near-copies/near-rows.ts';
import { type Likeness, sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { bandKeys, findNearExamples } from './find-near-examples.ts';
import { cardOf, scoreRow } from './parse/checks/score-row.ts';
import { pickFields } from './parse/judge-rows.ts';
import type { CheckReason, InputRow, RowVerdict } from './types.ts';

const fillersMin = 100;

/**
 * Gives every new row its scorecard. A row that a reader cannot tell from a stored one, or from an earlier one of the same
 * rows, is a duplicate of that; one that is almost the same keeps its place and says so.
 *
 * @param verdicts one a row, in order; those of other kinds are returned as they are
 */
export async function checkNewRows(
  db: DatabaseOrTransaction,
  datanet: Pick<DatanetTerms, 'id' | 'fields' | 'language'>,
  rows: readonly InputRow[],
  verdicts: readonly RowVerdict[],
): Promise<RowVerdict[]> {
  const fresh = verdicts.flatMap((verdict, i) => {
    if (verdict.kind !== 'new') return [];
    const data = pickFields(datanet.fields, rows[i]!.data);
    return [{ i, verdict, data, sketch: sketchRow(Object.values(data)) }];
  });
  const stored = await findNearExamples(
    db,
    datanet,
    fresh.map(({ sketch }) => sketch),
  );
  const fillers = findFillers(fresh.map(({ sketch }) => sketch.parts));
  const earlier = new NearRows();
  const checked = [...verdicts];
  for (const [k, { i, verdict, data, sketch }] of fresh.entries()) {
    const match = stored[k];
    const twin = earlier.findAndAdd(sketch);
    const line = twin && fresh[twin.row]!.verdict.line;
    if (match?.kind === 'same') {
      const { exampleId, status } = match;
      checked[i] = { ...verdict, kind: 'duplicate', exampleId, status };
    } else if (twin?.kind === 'same') {
      checked[i] = { ...verdict, kind: 'duplicate-in-file', firstLine: line! };
    } else {
      const reasons: CheckReason[] = scoreRow(data, datanet.language).reasons;
      if (match) reasons.push(copyReason(match, 'another row', match.exampleId));
      else if (twin) reasons.push(copyReason(twin, `line ${line}`));
      else if (fillers.has(k)) {
        const text = `${fillers.get(k)} rows of this file have the same answer and differ only in the numbers of the question.`;
        reasons.push({ check: 'copy', points: 60, text });
      }
      const bands = match || twin ? [] : bandKeys(sketch.bands, datanet.id);
      checked[i] = { ...verdict, card: cardOf(reasons), bands };
    }
  }
  return checked;
}

/** One answer under a hundred questions that differ only in their numbers is filler; by place, how many there are. */
function findFillers(rows: readonly (readonly string[])[]): Map<number, number> {
  if (rows.length < fillersMin) return new Map();
  const keys = rows.map(
    (parts) =>
      `${parts
        .slice(0, -1)
        .join(' ')
        .replace(/\p{N}+/gu, '#')}\n${parts.at(-1)}`,
  );
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return new Map(keys.flatMap((key, k) => (counts.get(key)! >= fillersMin ? [[k, counts.get(key)!]] : [])));
}

/** Costs enough to be held: a person decides whether it is a fact of its own. */
function copyReason({ similarity }: Likeness, of: string, exampleId?: string): CheckReason {
  const text = `It says almost the same as ${of} (${Math.floor(100 * similarity)} % alike). To better that row, improve it instead.`;
  return { check: 'copy', points: 60, text, ...(exampleId && { exampleId }) };
}
