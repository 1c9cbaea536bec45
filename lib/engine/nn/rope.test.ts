import { expect, test } from 'vitest';
import { rotaryFrequencies } from './rope.ts';

const theta = { rope_theta: 500_000 };

test('without scaling each pair turns by theta^(-2i/width)', () => {
  expect([...rotaryFrequencies({ rope_theta: 10_000, rope_scaling: null }, 4)]).toEqual([1, 0.01]);
});

test('linear scaling divides every frequency', () => {
  const plain = rotaryFrequencies({ ...theta, rope_scaling: null }, 64);
  const scaled = rotaryFrequencies({ ...theta, rope_scaling: { rope_type: 'linear', factor: 4 } }, 64);
  expect([...scaled]).toEqual([...plain].map((frequency) => frequency / 4));
});

test('llama3 scaling follows the published rule, branch by branch', () => {
  const llama3 = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 };
  const plain = rotaryFrequencies({ ...theta, rope_scaling: null }, 128);
  const scaled = rotaryFrequencies({ ...theta, rope_scaling: { rope_type: 'llama3', ...llama3 } }, 128);
  // Meta's `apply_scaling` as published with Llama 3.1, over wavelengths.
  const expected = [...plain].map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < 8192 / 4) return frequency;
    if (wavelength > 8192 / 1) return frequency / 8;
    const smooth = (8192 / wavelength - 1) / (4 - 1);
    return ((1 - smooth) * frequency) / 8 + smooth * frequency;
  });
  const worst = Math.max(...expected.map((value, i) => Math.abs(scaled[i]! / value - 1)));
  expect(worst).toBeLessThan(1e-12);
  const kinds = new Set(
    expected.map((value, i) => (value === plain[i] ? 'kept' : value * 8 === plain[i] ? 'cut' : 'between')),
  );
  expect(kinds.size).toBe(3);
});
