import { expect, it } from 'vitest';
import { permuteRotaryRows } from './permute-rotary-rows.ts';

it('is reshape(heads, 2, hd/2, columns), swap axes 1 and 2, flatten', () => {
  const [heads, half, columns] = [3, 4, 2];
  const size = heads * 2 * half * columns;
  const data = Float32Array.from({ length: size }, (_, i) => i);
  const expected = new Float32Array(size);
  let at = 0;
  for (let head = 0; head < heads; head++) {
    for (let pair = 0; pair < half; pair++) {
      for (let part = 0; part < 2; part++) {
        for (let column = 0; column < columns; column++) {
          expected[at++] = data[((head * 2 + part) * half + pair) * columns + column]!;
        }
      }
    }
  }
  expect(permuteRotaryRows(data, 2 * half, columns)).toEqual(expected);
});

it('makes rotation of neighbours give the scores that rotation of halves gave', () => {
  const width = 8;
  const random = (n: number): Float32Array => Float32Array.from({ length: width }, (_, i) => Math.sin(n + 7 * i));
  const angle = (position: number, pair: number): number => position * 10_000 ** ((-2 * pair) / width);
  const turn = (x: Float32Array, position: number, indexOf: (pair: number) => [number, number]): number[] => {
    const out = [...x];
    for (let pair = 0; pair < width / 2; pair++) {
      const [i, j] = indexOf(pair);
      const [cos, sin] = [Math.cos(angle(position, pair)), Math.sin(angle(position, pair))];
      out[i] = x[i]! * cos - x[j]! * sin;
      out[j] = x[j]! * cos + x[i]! * sin;
    }
    return out;
  };
  const halves = (pair: number): [number, number] => [pair, pair + width / 2];
  const neighbours = (pair: number): [number, number] => [2 * pair, 2 * pair + 1];
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const [q, k] = [random(1), random(2)];
  const ours = dot(turn(q, 9, halves), turn(k, 4, halves));
  const permuted = (x: Float32Array): Float32Array => permuteRotaryRows(x, width, 1);
  expect(dot(turn(permuted(q), 9, neighbours), turn(permuted(k), 4, neighbours))).toBeCloseTo(ours, 12);
  expect(dot(turn(q, 9, neighbours), turn(k, 4, neighbours))).not.toBeCloseTo(ours, 2);
});
