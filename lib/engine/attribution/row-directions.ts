/**
 * What indexes of methods 5 to 7 keep of a layer in place of a projection: N directions, odd numbers of few bits, value ~ level * scale.
 * With them an answer's gradient becomes N numbers. `levels` [N, length], one scale a direction.
 */
export type RowDirections = { levels: Int8Array; scales: Float32Array; length: number };

/** sqrt(N) times the N products of a gradient with the directions into `out` at `offset`; float64 sums in a fixed order. */
export function alongDirections(
  { levels, scales, length }: RowDirections,
  gradient: Float32Array,
  out: Float64Array,
  offset: number,
): void {
  const count = scales.length;
  const root = Math.sqrt(count);
  for (let n = 0; n < count; n++) {
    const from = n * length;
    let [a, b, c, d] = [0, 0, 0, 0];
    let i = 0;
    for (; i + 3 < length; i += 4) {
      a += levels[from + i]! * gradient[i]!;
      b += levels[from + i + 1]! * gradient[i + 1]!;
      c += levels[from + i + 2]! * gradient[i + 2]!;
      d += levels[from + i + 3]! * gradient[i + 3]!;
    }
    for (; i < length; i++) a += levels[from + i]! * gradient[i]!;
    out[offset + n] = root * scales[n]! * (a + b + (c + d));
  }
}
