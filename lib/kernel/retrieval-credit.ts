import { PPM, splitByLargestRemainder } from './money.ts';

/** Rows that one prompt can hold: all subsets of them are asked what the answer would have been. */
export const retrievedRowsMax = 4;

export type RetrievalValues = {
  /**
   * log p(answer | prompt with exactly these rows) under the served adapter, micro-nats, of all 2^k subsets of the k rows:
   * row i is in subset s where bit i of s is set, so [0] is the prompt without rows and the last one the prompt as it was.
   */
  microNats: readonly number[];
  /** The same of the bare base without rows. */
  baseMicroNats: number;
};

export type RetrievalCredit = {
  /** The part of the answer that the rows in the prompt explain, ppm. */
  sharePpm: number;
  /** That part divided over the rows, in the order of the prompt; sums to exactly `sharePpm`. */
  rowPpm: number[];
};

/**
 * Credit of rows that stood in the prompt. Two causes made the answer likely, and both are measured on it in nats: the rows
 * read, D_r = max(0, v(all) - v(none)), and the training, D_t = max(0, v(none) - base). The rows' part is D_r / (D_r + D_t),
 * rounded down to ppm; over the rows it goes by their Shapley values, clipped at zero, rounded by largest remainder with ties
 * to the earlier row.
 *
 * Shapley's is the only division that gives away exactly D_r, equal parts to rows that do the same, and nothing to a row that
 * changes nothing (Shapley 1953). It knows rows and no owners, so that giving rows to other wallets changes nothing. Integers
 * only: who has the values recomputes the credit exactly.
 *
 * @throws {RangeError} unless there are 2^k values, k from 0 to 4, all safe integers
 */
export function creditRetrieval({ microNats, baseMicroNats }: RetrievalValues): RetrievalCredit {
  const rows = Math.log2(microNats.length);
  if (!Number.isInteger(rows) || rows > retrievedRowsMax)
    throw new RangeError('creditRetrieval: the values are those of 1, 2, 4, 8 or 16 subsets');
  if (![...microNats, baseMicroNats].every(Number.isSafeInteger))
    throw new RangeError('creditRetrieval: a value is no whole number of micro-nats');
  const [none, all] = [BigInt(microNats[0]!), BigInt(microNats.at(-1)!)];
  const read = positive(all - none);
  const trained = positive(none - BigInt(baseMicroNats));
  const sharePpm = read === 0n ? 0n : (PPM * read) / (read + trained);
  // They sum to k! D_r: where that is above zero, so is one of them.
  const credits = shapleyTimesFactorial(microNats.map(BigInt)).map(positive);
  const rowPpm = splitByLargestRemainder(sharePpm, credits);
  return { sharePpm: Number(sharePpm), rowPpm: rowPpm.map(Number) };
}

/** k! x the Shapley value of each of k players, from the values of all subsets: k! makes every weight a whole number. */
export function shapleyTimesFactorial(values: readonly bigint[]): bigint[] {
  const players = Math.log2(values.length);
  return Array.from({ length: players }, (_, player) => {
    let sum = 0n;
    for (let subset = 0; subset < values.length; subset++) {
      if (subset & (1 << player)) continue;
      const size = [...subset.toString(2)].filter((bit) => bit === '1').length;
      // Of the k! orders in which players come, those where exactly this subset came before.
      const orders = factorial(size) * factorial(players - 1 - size);
      sum += orders * (values[subset | (1 << player)]! - values[subset]!);
    }
    return sum;
  });
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
