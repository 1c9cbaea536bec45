/** The rule of `noiseCut`, slowly: bigints and full sorts. */
export function referenceNoiseCut(scores: readonly bigint[], quarters: number) {
  const median = lowerMedian(scores);
  const deviation = lowerMedian(scores.map((score) => (score > median ? score - median : median - score)));
  const threeSigma = (deviation * 44_478n) / 10_000n;
  const hasSource = scores.some((score) => score > threeSigma);
  const cut = hasSource ? (deviation * BigInt(quarters * 14_826)) / 40_000n : threeSigma;
  const rows = scores.flatMap((score, row) => (score > cut ? [row] : []));
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  return {
    sigma: (deviation * 14_826n) / 10_000n,
    cut,
    rows,
    rowsBelow: scores.flatMap((score, row) => (score < -threeSigma ? [row] : [])),
    creditSum: sum(rows.map((row) => scores[row]! - cut)),
    positiveSum: sum(scores.filter((score) => score > 0n)),
  };
}

function lowerMedian(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1] ?? 0n;
}
