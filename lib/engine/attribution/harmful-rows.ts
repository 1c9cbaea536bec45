/** Rows that an answer's harm record names at most. */
const harmfulMax = 50;

/**
 * The rows that made an answer less likely by more than the noise: score < -cut, the strongest first, at most 50. Negative
 * influence never earns and is never netted; it is for people to look at.
 *
 * Linear in the scores; what is not below the cut never becomes an object.
 * @param scores fixed-point influences @param cut that of `noiseCut`, not negative
 * @returns places in `scores`; ties in index order
 */
export function harmfulRows(scores: BigInt64Array, cut: bigint): number[] {
  const words = new Int32Array(scores.buffer, scores.byteOffset, 2 * scores.length);
  const below: number[] = [];
  if (cut >= 2n ** 63n) return below;
  const high = Number(-cut >> 32n);
  const low = Number(-cut & 0xffff_ffffn);
  for (let i = 0; i < words.length; i += 2) {
    const ownHigh = words[i + 1]!;
    if (ownHigh < high || (ownHigh === high && words[i]! >>> 0 < low)) below.push(i / 2);
  }
  return below
    .sort((a, b) => (scores[a]! < scores[b]! ? -1 : scores[a]! > scores[b]! ? 1 : a - b))
    .slice(0, harmfulMax);
}
