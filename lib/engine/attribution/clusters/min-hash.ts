/** Components of a signature. */
export const signatureLength = 128;

const shingleLength = 5;
const [xors, factors] = hashParameters();

/**
 * Hashes of a text's 5-grams (UTF-16 units), each once, ascending. A text shorter than that is one shingle.
 * Character shingles, because in a row of twenty words one changed word breaks a third of all word 5-grams.
 */
export function shinglesOf(text: string): Uint32Array {
  const count = Math.max(1, text.length - shingleLength + 1);
  const hashes = new Uint32Array(count);
  for (let at = 0; at < count; at++) {
    let hash = 0x811c9dc5;
    for (let i = at; i < at + shingleLength && i < text.length; i++)
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hashes[at] = mix(hash);
  }
  hashes.sort();
  let distinct = 0;
  for (let i = 0; i < count; i++) if (i === 0 || hashes[i] !== hashes[i - 1]) hashes[distinct++] = hashes[i]!;
  return hashes.subarray(0, distinct);
}

/**
 * MinHash (Broder 1997): component k is the least of the shingles under the k-th permutation of 32-bit numbers
 * x -> (x ^ a) * b with odd b. Two texts agree in a component with the probability of their Jaccard similarity.
 * Cost: 128 multiplications a shingle.
 *
 * @param out [signatureLength], overwritten
 */
export function minHash(shingles: Uint32Array, out: Uint32Array): void {
  out.fill(0xffffffff);
  for (let i = 0; i < shingles.length; i++) {
    const shingle = shingles[i]!;
    for (let k = 0; k < signatureLength; k++) {
      const value = Math.imul(shingle ^ xors[k]!, factors[k]!) >>> 0;
      if (value < out[k]!) out[k] = value;
    }
  }
}

/** |A and B| / |A or B| of two ascending lists without repeats. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let [i, j, shared] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) shared++;
    const step = a[i]! - b[j]!;
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  return shared / (a.length + b.length - shared);
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the result. */
function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hashParameters(): [Int32Array, Int32Array] {
  const length = signatureLength;
  return [
    Int32Array.from({ length }, (_, k) => mix(2 * k + 1)),
    Int32Array.from({ length }, (_, k) => mix(0x9e3779b9 + 2 * k) | 1),
  ];
}
