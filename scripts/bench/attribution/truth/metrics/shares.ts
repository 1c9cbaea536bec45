/** Each value's part of the sum of what is positive; nothing positive: all zero. */
export function positiveShares(values: ArrayLike<number>): Float64Array {
  const positive = Float64Array.from(values, (value) => Math.max(0, value));
  const sum = positive.reduce((total, value) => total + value, 0);
  return sum === 0 ? positive : positive.map((value) => value / sum);
}

/**
 * Total variation between two ways of dividing one amount: half the sum of the differences, from 0 to 1. What neither of
 * them gives to anybody counts as one more receiver.
 */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [sum, restA, restB] = [0, 1, 1];
  for (let i = 0; i < a.length; i++) {
    sum += Math.abs(a[i]! - b[i]!);
    restA -= a[i]!;
    restB -= b[i]!;
  }
  return (sum + Math.abs(restA - restB)) / 2;
}

/** Place of the largest value; the first of equal ones. */
export function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
