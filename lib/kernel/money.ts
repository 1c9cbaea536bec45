export const BPS = 10_000n;
export const PPM = 1_000_000n;
const WEI_PER_OPEN = 10n ** 18n;

/**
 * Splits `total` over integer weights so that the parts sum to exactly `total` (largest remainder, Hamilton's method).
 * Ties in the remainder go to the smaller index, so callers sort their weights by a stable key first: equal inputs give
 * equal outputs. All-zero weights throw, because money would have no owner.
 */
export function splitByLargestRemainder(total: bigint, weights: readonly bigint[]): bigint[] {
  if (total < 0n) throw new RangeError('splitByLargestRemainder: total is negative');
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError('splitByLargestRemainder: a weight is negative');
    sum += weight;
  }
  if (sum === 0n) {
    if (total === 0n) return weights.map(() => 0n);
    throw new RangeError('splitByLargestRemainder: all weights are zero');
  }
  const parts = new Array<bigint>(weights.length);
  const remainders = new Array<bigint>(weights.length);
  let rest = total;
  for (let i = 0; i < weights.length; i++) {
    const share = total * weights[i]!;
    const part = share / sum;
    parts[i] = part;
    remainders[i] = share - part * sum;
    rest -= part;
  }
  if (rest > 0n) for (const index of largest(remainders, Number(rest))) parts[index]! += 1n;
  return parts;
}

/** Indices of the `count` largest values, largest first; of equal ones the smaller index. */
function largest(values: readonly bigint[], count: number): number[] {
  if (count === 1) return [values.reduce((best, value, i) => (value > values[best]! ? i : best), 0)];
  return values
    .map((_, index) => index)
    .sort((a, b) => (values[a]! === values[b]! ? a - b : values[a]! > values[b]! ? -1 : 1))
    .slice(0, count);
}

/** Exact decimal text of an amount in wei: `1234500000000000000n` is `1.2345`. */
export function formatOpen(wei: bigint): string {
  const sign = wei < 0n ? '-' : '';
  const abs = wei < 0n ? -wei : wei;
  const fraction = (abs % WEI_PER_OPEN).toString().padStart(18, '0').replace(/0+$/, '');
  const whole = (abs / WEI_PER_OPEN).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}

/** Rounds towards zero to `digits` decimals for display; the exact amount belongs in the title (design.md). */
export function formatOpenShort(wei: bigint, digits = 4): string {
  const unit = 10n ** BigInt(18 - digits);
  const short = formatOpen((wei / unit) * unit);
  return wei !== 0n && wei / unit === 0n ? `<0.${'0'.repeat(digits - 1)}1` : short;
}

/** Parses `12.5` to wei. Throws a RangeError that says what is wrong; never rounds. */
export function parseOpen(text: string): bigint {
  const match = /^(\d{1,12})(?:\.(\d{1,18}))?$/.exec(text.trim());
  if (!match) throw new RangeError('an amount is digits with at most 18 decimals, for example 12.5');
  return BigInt(match[1]!) * WEI_PER_OPEN + BigInt((match[2] ?? '').padEnd(18, '0'));
}
