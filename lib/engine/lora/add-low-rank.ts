/** w += scale * b a, in place. w [out, in], b [out, r], a [r, in]; each sum of r products is added to w once. */
export function addLowRank(w: Float32Array, b: Float32Array, a: Float32Array, rank: number, scale: number): void {
  const inputs = a.length / rank;
  const delta = new Float64Array(inputs);
  for (let row = 0; row < b.length / rank; row++) {
    delta.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = b[row * rank + r]! * scale;
      for (let i = 0; i < inputs; i++) delta[i]! += factor * a[r * inputs + i]!;
    }
    for (let i = 0; i < inputs; i++) w[row * inputs + i]! += delta[i]!;
  }
}
