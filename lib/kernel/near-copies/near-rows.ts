import { findLike, type Likeness, type RowSketch } from './row-sketch.ts';

/** Rows of one key that are looked at, from each end: a crowded key costs no more than a small one. */
const lookedAt = 4;
/** Of those, rows that are compared: the ones with the most keys in common. */
const comparedMax = 12;

/** Rows by their bands, in memory: for the rows of one file, and for measurements. Rows are added in the order of their age. */
export class NearRows {
  private readonly rows: RowSketch[] = [];
  private readonly buckets = new Map<number, number[]>();

  /** The oldest earlier row that `row` is like, by its number of addition; null when there is none. Then adds `row`. */
  findAndAdd(row: RowSketch): (Likeness & { row: number }) | null {
    const found = this.find(row);
    const added = this.rows.push(row) - 1;
    for (const key of row.bands) {
      const bucket = this.buckets.get(key);
      if (bucket) bucket.push(added);
      else this.buckets.set(key, [added]);
    }
    return found;
  }

  private find(row: RowSketch): (Likeness & { row: number }) | null {
    const shared = new Map<number, number>();
    const count = (other: number) => shared.set(other, (shared.get(other) ?? 0) + 1);
    for (const key of row.bands) {
      const bucket = this.buckets.get(key) ?? [];
      const oldest = Math.min(lookedAt, bucket.length);
      for (let i = 0; i < oldest; i++) count(bucket[i]!);
      for (let i = Math.max(oldest, bucket.length - lookedAt); i < bucket.length; i++) count(bucket[i]!);
    }
    const likely = [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, comparedMax);
    const candidates = likely.map(([other]) => other).sort((a, b) => a - b);
    const found = findLike(
      row,
      candidates.map((other) => [other, this.rows[other]!] as const),
    );
    if (!found) return null;
    const { candidate, ...likeness } = found;
    return { ...likeness, row: candidate };
  }
}
