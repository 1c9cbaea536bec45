import type { TrainingExample } from '../../train/prepare-examples.ts';
import { type CanonicalRow, canonicalRow } from './canonical-row.ts';
import { HeldRows } from './held-rows.ts';
import { NearCopies } from './near-copies.ts';
import { SaidBefore } from './said-before.ts';
import { StitchedCopies } from './stitched-copies.ts';
import { toWordRows } from './word-rows.ts';

/**
 * How copies are told, by version: 2 also knows rows that hold an older one whole; 3 also rows that say the same in other
 * function words, and new answers to an old question that are put together from old answers. Runs from before are reproduced
 * by theirs.
 */
export type CopyRule = 'first-commit/1' | 'first-commit/2' | 'first-commit/3';

/** `same`: the same words; `near`: the same but for small edits; `stitched`: put together from older answers. */
export type Copy = { id: string; copyOf: string; kind: 'same' | 'near' | 'stitched' };

/**
 * Divides rows into originals and copies of older ones. Each row is judged by the rows before it alone: nothing that is
 * added later changes what an older row is. (Clusters by union-find would: a later row between two originals would join
 * them, and its author could take the younger one's pay away.) A copy of a copy is a copy of the original.
 *
 * `same`: equal canonical words. `near`: at least 0.8 of the 5-grams in common, or at most one word of ten changed, and the
 * answer kept, or (rule 2) all words of the older row's question and answer among its own, or
 * (rule 3) all but one in ten of its content words. `stitched`: at least 70 % of the answer's words in stretches of 12 or more words of older
 * answers, or (rule 3), where an older row asks the same, 90 % in stretches too long to be chance.
 *
 * Owners are not asked. Time and memory are linear in the text (n log n in rows), whatever the rows are; at most 2^21 rows.
 *
 * @param rows in the order in which they were contributed
 */
export function findCopies(rows: readonly TrainingExample[], rule: CopyRule = 'first-commit/3'): Copy[] {
  if (rows.length > 2 ** 21) throw new RangeError(`findCopies takes at most ${2 ** 21} rows, not ${rows.length}.`);
  const { copies, distinct } = divideByWords(rows.map(canonicalRow));
  const words = toWordRows(distinct);
  const near = new NearCopies(distinct, words);
  const held = rule === 'first-commit/1' ? null : new HeldRows(words);
  const said = rule === 'first-commit/3' ? new SaidBefore(distinct) : null;
  const stitched = new StitchedCopies(words);
  const originals = Int32Array.from(distinct, (_, row) => row);
  for (const [row, { id }] of distinct.entries()) {
    const older = near.findOlder(row) ?? held?.findOlder(row) ?? said?.findOlder(row) ?? null;
    const original =
      older === null ? stitched.findOriginal(row, originals, said?.isAsked(row) ?? false) : originals[older]!;
    if (original === null) continue;
    originals[row] = original;
    copies.set(id, { id, copyOf: distinct[original]!.id, kind: older === null ? 'stitched' : 'near' });
  }
  return rows.flatMap(({ id }) => {
    const copy = copies.get(id);
    return copy ? [{ ...copy, copyOf: copies.get(copy.copyOf)?.copyOf ?? copy.copyOf }] : [];
  });
}

/** Rows whose words no older row has, and the copies among the others: one look-up a row, so a flood of copies is cheap. */
function divideByWords(rows: readonly CanonicalRow[]): { copies: Map<string, Copy>; distinct: CanonicalRow[] } {
  const firstOf = new Map<string, string>();
  const copies = new Map<string, Copy>();
  const distinct: CanonicalRow[] = [];
  for (const row of rows) {
    const words = JSON.stringify([row.prompt, row.answer]);
    const copyOf = firstOf.get(words);
    if (copyOf === undefined) {
      firstOf.set(words, row.id);
      distinct.push(row);
    } else copies.set(row.id, { id: row.id, copyOf, kind: 'same' });
  }
  return { copies, distinct };
}
