import { bandCount } from './min-hash.ts';
import { compareRows, type Likeness, type RowSketch } from './row-sketch.ts';

/** Rows of one key that a row is compared with, from each end: a crowded key costs no more than a small one. */
const lookedAt = 8;

/** Rows by their bands, in memory: for the rows of one file, and for measurements. Rows are added in the order of their age. */
export class NearRows {
  private readonly rows: RowSketch[] = [];
  private readonly buckets = Array.from({ length: bandCount }, () => new Map<number, number[]>());

  /** The oldest earlier row that `row` is like, by its number of addition; null when there is none. Then adds `row`. */
  findAndAdd(row: RowSketch): (Likeness & { row: number }) | null {
    const found = this.find(row);
    const added = this.rows.push(row) - 1;
    row.bands.forEach((key, band) => {
      const buckets = this.buckets[band]!;
      const bucket = buckets.get(key);
      if (bucket) bucket.push(added);
      else buckets.set(key, [added]);
    });
    return found;
  }

  private find(row: RowSketch): (Likeness & { row: number }) | null {
    const candidates = new Set<number>();
    row.bands.forEach((key, band) => {
      const bucket = this.buckets[band]!.get(key) ?? [];
      for (const other of bucket.slice(0, lookedAt)) candidates.add(other);
      for (const other of bucket.slice(lookedAt).slice(-lookedAt)) candidates.add(other);
    });
    for (const other of [...candidates].sort((a, b) => a - b)) {
      const likeness = compareRows(row, this.rows[other]!);
      if (likeness) return { ...likeness, row: other };
    }
    return null;
  }
}
