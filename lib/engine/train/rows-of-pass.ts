/** How often a pass reads a row, in tenths, where nothing else is said: once. */
export const onceInTenths = 10;

/** Where a row is from, and how often a pass reads it; left out: once. */
type Placed = { part?: string | undefined; tenths?: number | undefined };

/** Which rows each pass reads, for rows that are not all read once. */
export type WeightedReads = {
  /** The same in every pass. */
  rowsPerPass: number;
  /** Row by reading, in the order of the rows; a row may stand there several times, or not at all. */
  rowsOf: (epoch: number) => number[];
  /** How often the first `epochs` passes read each row. */
  countsUntil: (epochs: number) => number[];
};

/**
 * Null where every row is read once a pass, as all were before there were mixes.
 *
 * A part's n rows give m = n x tenths / 10 readings a pass, rounded, at least one. The row of rank r (from 0, in the order of the set, which
 * follows from the words' hashes) is read floor(((e + 1) m + r) / n) - floor((e m + r) / n) times in pass e: m readings in every pass, as
 * Hermite's identity says, and after any number of passes no row of the part was read twice more often than another. Whoever knows the rows
 * knows the order; nobody chooses it.
 */
export function weightedReads(examples: readonly Placed[]): WeightedReads | null {
  if (examples.every(({ tenths = onceInTenths }) => tenths === onceInTenths)) return null;
  const groups = new Map<string, number[]>();
  for (const [row, { part = '', tenths = onceInTenths }] of examples.entries()) {
    const key = `${tenths}|${part}`;
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else groups.set(key, [row]);
  }
  const places = examples.map(() => ({ rank: 0, rows: 1, reads: 1 }));
  let rowsPerPass = 0;
  for (const rows of groups.values()) {
    const { tenths = onceInTenths } = examples[rows[0]!]!;
    const reads = Math.max(1, Math.round((rows.length * tenths) / onceInTenths));
    rowsPerPass += reads;
    for (const [rank, row] of rows.entries()) places[row] = { rank, rows: rows.length, reads };
  }
  const countsUntil = (epochs: number): number[] =>
    places.map(({ rank, rows, reads }) => Math.floor((epochs * reads + rank) / rows));
  return {
    rowsPerPass,
    countsUntil,
    rowsOf(epoch) {
      const [before, after] = [countsUntil(epoch), countsUntil(epoch + 1)];
      return after.flatMap((count, row) => Array<number>(count - before[row]!).fill(row));
    },
  };
}
