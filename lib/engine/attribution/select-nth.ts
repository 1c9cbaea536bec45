/**
 * The n-th smallest (from 0) of many 64-bit integers, exactly, by counting 16 bits at a time from the top: four passes of
 * reads, 256 kB, no order of the values and no bigint of any of them.
 *
 * @param values not empty; changed by nobody
 */
export function selectNth(values: BigInt64Array | BigUint64Array, n: number): bigint {
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  // Flipped, the sign bit orders signed values as the others order theirs.
  const flip = values instanceof BigInt64Array ? 0x8000_0000 : 0;
  const upper = selectWord(words, 1, flip, n, null);
  const lower = selectWord(words, 0, 0, upper.rest, (upper.word ^ flip) >>> 0);
  const bits = (BigInt((upper.word ^ flip) >>> 0) << 32n) | BigInt(lower.word);
  return values instanceof BigInt64Array ? BigInt.asIntN(64, bits) : bits;
}

type Selected = { word: number /** Its place among the values that agree so far. */; rest: number };

/**
 * Of the values' words at `offset` (0 low, 1 high), flipped, the one in place n; where `partner` is given, only values whose
 * high word is that one count.
 */
function selectWord(words: Uint32Array, offset: number, flip: number, n: number, partner: number | null): Selected {
  const counts = new Uint32Array(65_536);
  for (let i = offset; i < words.length; i += 2) {
    if (partner !== null && words[i + 1] !== partner) continue;
    counts[(words[i]! ^ flip) >>> 16]! += 1;
  }
  const top = place(counts, n);
  counts.fill(0);
  for (let i = offset; i < words.length; i += 2) {
    if (partner !== null && words[i + 1] !== partner) continue;
    const word = (words[i]! ^ flip) >>> 0;
    if (word >>> 16 === top.digit) counts[word & 0xffff]! += 1;
  }
  const bottom = place(counts, top.rest);
  return { word: ((top.digit << 16) | bottom.digit) >>> 0, rest: bottom.rest };
}

function place(counts: Uint32Array, n: number): { digit: number; rest: number } {
  let rest = n;
  let digit = 0;
  while (rest >= counts[digit]!) rest -= counts[digit++]!;
  return { digit, rest };
}
