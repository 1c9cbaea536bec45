import { expect, test } from 'vitest';
import { addGaussianNoise, createSecretUint32, poissonSample } from './secret-random.ts';

const draw = (secret: string, purpose: string, count = 8): number[] => {
  const next = createSecretUint32(secret, purpose);
  return Array.from({ length: count }, next);
};

test('the stream follows from secret and purpose alone, across its blocks too', () => {
  expect(draw('s', 'noise 1')).toEqual(draw('s', 'noise 1'));
  expect(draw('s', 'noise 1')).not.toEqual(draw('s', 'noise 2'));
  expect(draw('s', 'noise 1')).not.toEqual(draw('t', 'noise 1'));
  const long = draw('s', 'noise 1', 40_000);
  expect(new Set(long).size).toBeGreaterThan(39_990);
});

test('noise has the mean, deviation and tails of a Gaussian', () => {
  const count = 200_001;
  const values = new Float32Array(count).fill(3);
  addGaussianNoise(values, 2, createSecretUint32('secret', 'noise'));
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const beyond = values.filter((value) => Math.abs(value - 3) > 4).length / count;
  // Five standard errors of each estimate.
  expect(Math.abs(mean - 3)).toBeLessThan((5 * 2) / Math.sqrt(count));
  expect(Math.abs(deviation - 2)).toBeLessThan((5 * 2) / Math.sqrt(2 * count));
  expect(Math.abs(beyond - 0.0455)).toBeLessThan(5 * Math.sqrt(0.0455 / count));
});

test('a Poisson sample has no fixed size, and each position its own chance', () => {
  const samples = Array.from({ length: 200 }, (_, i) =>
    poissonSample(1000, 0.05, createSecretUint32('secret', `sample ${i}`)),
  );
  const sizes = samples.map((sample) => sample.length);
  expect(new Set(sizes).size).toBeGreaterThan(10);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(Math.abs(mean - 50)).toBeLessThan((5 * Math.sqrt(1000 * 0.05 * 0.95)) / Math.sqrt(200));
  expect(poissonSample(4, 1, createSecretUint32('a', 'b'))).toEqual([0, 1, 2, 3]);
});
