/** Sums in float64, four at a time. */
export function dot(a: Float32Array, b: Float32Array, from = 0, to = a.length): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  let i = from;
  for (; i + 3 < to; i += 4) {
    s += a[i]! * b[i]!;
    t += a[i + 1]! * b[i + 1]!;
    u += a[i + 2]! * b[i + 2]!;
    v += a[i + 3]! * b[i + 3]!;
  }
  for (; i < to; i++) s += a[i]! * b[i]!;
  return s + t + u + v;
}

/** Products of every query with every row: [queries][rows]. */
export function products(
  queries: readonly Float32Array[],
  rows: readonly Float32Array[],
  from = 0,
  to = rows[0]!.length,
): Float64Array[] {
  return queries.map((query) => Float64Array.from(rows, (row) => dot(query, row, from, to)));
}

/** Cosines of every query with every row: [queries][rows]; 0 for a vector without length. */
export function cosines(queries: readonly Float32Array[], rows: readonly Float32Array[]): Float64Array[] {
  const lengths = rows.map((row) => Math.sqrt(dot(row, row)));
  return queries.map((query) => {
    const length = Math.sqrt(dot(query, query));
    return Float64Array.from(rows, (row, i) => {
      const product = length * lengths[i]!;
      return product === 0 ? 0 : dot(query, row) / product;
    });
  });
}

/** Symmetric products of rows among themselves, [rows][rows]. */
export function gram(rows: readonly Float32Array[], from: number, to: number): Float64Array[] {
  const result = rows.map(() => new Float64Array(rows.length));
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= i; j++) {
      const value = dot(rows[i]!, rows[j]!, from, to);
      result[i]![j] = value;
      result[j]![i] = value;
    }
  }
  return result;
}
