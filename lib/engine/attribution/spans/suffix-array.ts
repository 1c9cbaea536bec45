/**
 * Suffix array by induced sorting (SA-IS; Nong, Zhang and Chan, "Linear Suffix Array Construction by Almost Pure
 * Induced-Sorting", DCC 2009). Linear in time; the recursion works inside the result, so the peak is some 12 bytes a
 * symbol with the text.
 *
 * @param text symbols in [0, alphabet); the last is 0 and no other is: it ends the text and sorts before everything
 * @returns start positions of all suffixes in ascending order
 */
export function buildSuffixArray(text: Int32Array, alphabet: number): Int32Array {
  const suffixes = new Int32Array(text.length);
  sortSuffixes(text, suffixes, alphabet);
  return suffixes;
}

/** Writes the order of `text`'s suffixes into `out`, which is as long as the text. */
function sortSuffixes(text: Int32Array, out: Int32Array, alphabet: number): void {
  const n = text.length;
  if (n === 1) out[0] = 0;
  if (n < 2) return;
  const isSmall = classify(text);
  const counts = countSymbols(text, alphabet);
  const bucket = new Int32Array(alphabet);

  out.fill(-1);
  bucketEnds(counts, bucket);
  for (let i = 1; i < n; i++) if (isLeftmost(isSmall, i)) out[--bucket[text[i]!]!] = i;
  induce(text, out, isSmall, counts, bucket);

  const leftmost = compact(out, isSmall);
  const names = nameSubstrings(text, out, isSmall, leftmost);
  const reduced = out.subarray(n - leftmost);
  const order = out.subarray(0, leftmost);
  if (names < leftmost) sortSuffixes(reduced, order, names);
  else for (let i = 0; i < leftmost; i++) order[reduced[i]!] = i;

  for (let i = 1, at = 0; i < n; i++) if (isLeftmost(isSmall, i)) reduced[at++] = i;
  for (let i = 0; i < leftmost; i++) order[i] = reduced[order[i]!]!;
  out.fill(-1, leftmost);
  bucketEnds(counts, bucket);
  for (let i = leftmost - 1; i >= 0; i--) {
    const position = out[i]!;
    out[i] = -1;
    out[--bucket[text[position]!]!] = position;
  }
  induce(text, out, isSmall, counts, bucket);
}

/** 1 where a suffix is smaller than the one after it. */
function classify(text: Int32Array): Uint8Array {
  const isSmall = new Uint8Array(text.length);
  isSmall[text.length - 1] = 1;
  for (let i = text.length - 2; i >= 0; i--) {
    const [here, next] = [text[i]!, text[i + 1]!];
    isSmall[i] = here < next || (here === next && isSmall[i + 1] === 1) ? 1 : 0;
  }
  return isSmall;
}

/** A small suffix after a large one: the order of these decides that of all others. */
function isLeftmost(isSmall: Uint8Array, i: number): boolean {
  return i > 0 && isSmall[i] === 1 && isSmall[i - 1] === 0;
}

function countSymbols(text: Int32Array, alphabet: number): Int32Array {
  const counts = new Int32Array(alphabet);
  for (let i = 0; i < text.length; i++) counts[text[i]!]!++;
  return counts;
}

function bucketEnds(counts: Int32Array, bucket: Int32Array): void {
  for (let symbol = 0, sum = 0; symbol < counts.length; symbol++) bucket[symbol] = sum += counts[symbol]!;
}

function bucketStarts(counts: Int32Array, bucket: Int32Array): void {
  for (let symbol = 0, sum = 0; symbol < counts.length; symbol++) {
    bucket[symbol] = sum;
    sum += counts[symbol]!;
  }
}

/** Sorts the large suffixes from the left, then the small ones from the right, by what is in place already. */
function induce(text: Int32Array, out: Int32Array, isSmall: Uint8Array, counts: Int32Array, bucket: Int32Array): void {
  bucketStarts(counts, bucket);
  for (let i = 0; i < out.length; i++) {
    const before = out[i]! - 1;
    if (before >= 0 && isSmall[before] === 0) out[bucket[text[before]!]!++] = before;
  }
  bucketEnds(counts, bucket);
  for (let i = out.length - 1; i >= 0; i--) {
    const before = out[i]! - 1;
    if (before >= 0 && isSmall[before] === 1) out[--bucket[text[before]!]!] = before;
  }
}

/** Moves the leftmost small suffixes, in their order, to the front; returns how many there are, at most n / 2. */
function compact(out: Int32Array, isSmall: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < out.length; i++) if (isLeftmost(isSmall, out[i]!)) out[count++] = out[i]!;
  return count;
}

/**
 * Names the substrings between leftmost positions by their rank and leaves the names, in text order, at the end of `out`:
 * the reduced text. Its last name is 0 and unique, as that of the sentinel. Returns the number of names.
 */
function nameSubstrings(text: Int32Array, out: Int32Array, isSmall: Uint8Array, count: number): number {
  out.fill(-1, count);
  let names = 0;
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const position = out[i]!;
    if (previous < 0 || !isSameSubstring(text, isSmall, position, previous)) names++;
    previous = position;
    out[count + (position >> 1)] = names - 1; // two leftmost positions are never neighbours
  }
  for (let i = out.length - 1, at = i; i >= count; i--) if (out[i]! >= 0) out[at--] = out[i]!;
  return names;
}

function isSameSubstring(text: Int32Array, isSmall: Uint8Array, a: number, b: number): boolean {
  for (let d = 0; ; d++) {
    if (text[a + d] !== text[b + d] || isSmall[a + d] !== isSmall[b + d]) return false;
    // The sentinel is unique, so a difference comes before either side's end.
    if (d > 0 && (isLeftmost(isSmall, a + d) || isLeftmost(isSmall, b + d))) return true;
  }
}
