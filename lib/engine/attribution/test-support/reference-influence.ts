type ReferenceOptions = {
  reach?: number;
  lambdas?: readonly number[];
  root?: readonly (readonly number[])[];
  outside?: readonly number[];
  outsideWeight?: number;
};

/**
 * The definition of the score, slowly: (1/N) q^T (F + lambda I)^-1 g per layer by Gaussian elimination in float64, with no
 * whitening, no factor and no quantisation.
 *
 * @param rows projected gradients of the training rows
 * @param query projected gradient of the answer
 * @param reach of the run, so that lambda is 1 / reach; left out: lambda is 0.3 of the mean eigenvalue
 * @param lambdas of the layers, in place of both
 * @param root lines whose outer products sum up to F, in place of the rows' mean
 * @param outside a further row, scored last: it is added to F, `outsideWeight` / N times, but counts neither in N nor in lambda
 */
export function referenceInfluence(
  rows: readonly (readonly number[])[],
  query: readonly number[],
  layers: readonly { offset: number; size: number }[],
  { reach, lambdas, root, outside, outsideWeight = 1 }: ReferenceOptions = {},
): number[] {
  const scored = outside ? [...rows, outside] : rows;
  const scores = scored.map(() => 0);
  for (const [layer, { offset, size }] of layers.entries()) {
    const part = (vector: readonly number[]): readonly number[] => vector.slice(offset, offset + size);
    const parts = rows.map(part);
    const lines = root?.map(part) ?? parts.map((z) => z.map((value) => value / Math.sqrt(parts.length)));
    const fisher = Array.from({ length: size }, (_, i) =>
      Array.from({ length: size }, (__, j) => lines.reduce((sum, z) => sum + z[i]! * z[j]!, 0)),
    );
    const trace = fisher.reduce((sum, row, i) => sum + row[i]!, 0);
    const byRun = reach === undefined ? (0.3 * trace) / Math.min(parts.length, size) : 1 / reach;
    const lambda = lambdas?.[layer] ?? byRun;
    for (const [i, row] of fisher.entries()) row[i]! += lambda;
    if (outside) {
      const z = part(outside);
      for (const [i, row] of fisher.entries())
        for (const j of row.keys()) row[j]! += (outsideWeight * z[i]! * z[j]!) / parts.length;
    }
    const solved = solve(fisher, part(query));
    for (const [u, z] of scored.map(part).entries()) {
      scores[u]! += z.reduce((sum, value, i) => sum + value * solved[i]!, 0) / parts.length;
    }
  }
  return scores;
}

/** x with A x = b, by elimination with partial pivoting. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let i = column; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = column + 1; i < size; i++) {
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let j = column; j <= size; j++) rows[i]![j]! -= factor * rows[column]![j]!;
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    const known = rows[i]!.slice(i + 1, size).reduce((sum, value, j) => sum + value * x[i + 1 + j]!, 0);
    x[i] = (rows[i]![size]! - known) / rows[i]![i]!;
  }
  return x;
}
