import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNormal } from '../train/random.ts';
import { MomentMatrix } from './moment-matrix.ts';

/** The same in plain loops, term by term: lower triangles as lists of rows. */
function momentsOf(rows: readonly Float32Array[], offset: number, size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => rows.reduce((sum, row) => sum + row[offset + i]! * row[offset + j]!, 0)),
  );
}

function choleskyOf(matrix: readonly number[][]): number[][] {
  const l = matrix.map((row) => row.slice());
  for (let i = 0; i < l.length; i++) {
    for (let j = 0; j <= i; j++) {
      for (let k = 0; k < j; k++) l[i]![j]! -= l[i]![k]! * l[j]![k]!;
      l[i]![j] = i === j ? Math.sqrt(l[i]![j]!) : l[i]![j]! / l[j]![j]!;
    }
  }
  return l;
}

it('sums and factorises to the bits of plain loops, of any size and place', () => {
  const sizes = fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    count: fc.integer({ min: 1, max: 30 }),
    offset: fc.nat(5),
  });
  fc.assert(
    fc.property(sizes, fc.string(), ({ size, count, offset }, seed) => {
      const normal = createNormal(seed);
      const dims = offset + size + 3;
      const rows = Array.from({ length: count }, () => Float32Array.from({ length: dims }, normal));
      const matrix = new MomentMatrix(size);
      matrix.addRows(Float32Array.from(rows.flatMap((row) => [...row])), dims, offset);
      const moments = momentsOf(rows, offset, size);
      expect(matrix.packedLower()).toEqual(Float32Array.from(moments.flat()));
      const full = moments.flatMap((row, i) => moments.map((other, j) => (j <= i ? row[j]! : other[i]!)));
      expect(matrix.toFull()).toEqual(Float64Array.from(full));
      const mean = moments.map((row) => row.map((value) => value / count));
      matrix.divide(count);
      expect(matrix.trace()).toBe(mean.reduce((sum, row, i) => sum + row[i]!, 0));
      matrix.addToDiagonal(0.5);
      for (const [i, row] of mean.entries()) row[i]! += 0.5;
      matrix.factorize();
      expect(matrix.packedLower()).toEqual(Float32Array.from(choleskyOf(mean).flat()));
    }),
    { numRuns: 60 },
  );
});
