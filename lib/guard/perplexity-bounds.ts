/** Accepted rows that it takes to know what is usual. */
const referenceMin = 30;
/** Spread that a set of much alike rows has at least, in nats: no reader sees a smaller difference. */
const spreadMin = 0.25;
/** How far from the middle is unusual, in spreads: among rows of the Datanet itself, and among rows of other subjects. */
const factors = { own: 4, language: 5 } as const;

/** Mean losses in nats a token between which a row is usual. */
export type PerplexityBounds = { low: number; high: number };
export type PerplexityVerdict = 'usual' | 'high' | 'low';

/**
 * What is usual, from the losses of accepted rows: their median, and 1.4826 times the median distance from it for a spread (as of a
 * normal distribution), which half of the rows would have to be planted to move. Null while there are too few.
 *
 * @param from the Datanet's own rows, or those of others in its language where it has too few
 */
export function perplexityBounds(losses: readonly number[], from: keyof typeof factors): PerplexityBounds | null {
  if (losses.length < referenceMin) return null;
  const middle = median(losses);
  const spread = Math.max(spreadMin, 1.4826 * median(losses.map((loss) => Math.abs(loss - middle))));
  return { low: middle - factors[from] * spread, high: middle + factors[from] * spread };
}

export function judgePerplexity(loss: number, bounds: PerplexityBounds): PerplexityVerdict {
  if (loss > bounds.high) return 'high';
  return loss < bounds.low ? 'low' : 'usual';
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
