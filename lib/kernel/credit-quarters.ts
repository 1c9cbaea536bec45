const versioned = /^lora-b-fisher-int8\/(\d+)$/;
/** The first versions of the method under which credit begins lower in a small index, and lower still. */
const [firstBySize, firstFromOneSigma] = [6, 9];

/**
 * Where credit begins in an answer that has a source, in quarters of sigma. Twelve, which is three sigma; by method 6 and later one
 * quarter for each doubling of the index's rows: from 4 (under 256 rows) to 12 (from 32,768 rows on), by methods 6 to 8 from 7 to 12
 * (from 4,096 rows on). So low that influence which is spread thin is paid, and the higher, the more rows there are to stand out
 * by chance. What stands out is always judged at three sigma; see `summariseNoise`.
 */
export function creditQuarters(method: string, rows: number): bigint {
  const version = Number(versioned.exec(method)?.[1] ?? 0);
  if (version < firstBySize) return 12n;
  const doublings = 31 - Math.clz32(rows);
  const quarters = version < firstFromOneSigma ? Math.max(7, doublings) : Math.max(4, doublings - 3);
  return BigInt(Math.min(12, quarters));
}
