import { describe, expect, it } from 'vitest';
import { createNormal } from '../train/random.ts';
import { leadingVectors } from './leading-vectors.ts';

/** sum of value_i x x^T over orthonormal x, as a full matrix. */
function matrixOf(n: number, values: readonly number[]): { matrix: Float64Array; axes: Float64Array[] } {
  const normal = createNormal('axes');
  const axes: Float64Array[] = [];
  for (let i = 0; i < values.length; i++) {
    const axis = Float64Array.from({ length: n }, normal);
    for (const other of axes) {
      const along = axis.reduce((sum, x, j) => sum + x * other[j]!, 0);
      for (let j = 0; j < n; j++) axis[j]! -= along * other[j]!;
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((x) => x / length));
  }
  const matrix = new Float64Array(n * n);
  for (const [i, axis] of axes.entries()) {
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) matrix[a * n + b]! += values[i]! * axis[a]! * axis[b]!;
  }
  return { matrix, axes };
}

const column = (vectors: Float64Array, count: number, k: number): number[] =>
  Array.from({ length: vectors.length / count }, (_, row) => vectors[row * count + k]!);
const product = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

describe('leadingVectors', () => {
  const values = [100, 30, 9, 2, 0.01, 0.001];
  const { matrix, axes } = matrixOf(21, values);

  it('finds values and directions of a matrix whose rank it covers, the rest zero', () => {
    const found = leadingVectors(matrix, 21, 8, 'seed');
    for (const [i, value] of values.entries()) {
      expect(found.values[i]! / value).toBeCloseTo(1, 6);
      expect(Math.abs(product(column(found.vectors, 8, i), axes[i]!))).toBeCloseTo(1, 6);
    }
    expect(found.values[6]!).toBeLessThan(1e-9);
    for (const k of [0, 3, 5]) {
      for (const j of [1, 2, 4]) {
        expect(product(column(found.vectors, 8, k), column(found.vectors, 8, j))).toBeCloseTo(0, 8);
      }
    }
  });

  it('spans most of what it cannot hold, and is the same again', () => {
    const found = leadingVectors(matrix, 21, 2, 'seed');
    expect(found).toEqual(leadingVectors(matrix, 21, 2, 'seed'));
    expect(found.values[0]! + found.values[1]!).toBeGreaterThan(0.99 * 130);
    expect(leadingVectors(new Float64Array(9), 3, 2, 'seed').vectors).toEqual(new Float64Array(6));
  });
});
