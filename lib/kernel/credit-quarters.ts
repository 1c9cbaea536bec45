const versioned = /^lora-b-fisher-int8\/(\d+)$/;
/** The first version of the method under which credit begins lower in a small index. */
const firstBySize = 6;

/**
 * Where credit begins in an answer that has a source, in quarters of sigma. Twelve, which is three sigma; by method 6 and later one
 * quarter for each doubling of the index's rows, at least 7 (under 256 rows) and at most 12 (from 4,096 rows on): so low that
 * influence which is spread thin is paid, so high that of pure noise some five to ten rows of an index would lie above.
 * What stands out is always judged at three sigma; see `summariseNoise`.
 */
export function creditQuarters(method: string, rows: number): bigint {
  const version = Number(versioned.exec(method)?.[1] ?? 0);
  if (version < firstBySize) return 12n;
  return BigInt(Math.min(12, Math.max(7, 31 - Math.clz32(rows))));
}
