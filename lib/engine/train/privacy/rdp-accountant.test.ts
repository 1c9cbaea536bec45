import { expect, test } from 'vitest';
import { privacyEpsilon, sampledGaussianRdp } from './rdp-accountant.ts';

// The expected values of TensorFlow Privacy's own tests (analysis/compute_dp_sgd_privacy_test.py and
// analysis/rdp_privacy_accountant_test.py), computed there by an independent implementation.
test.each([
  { examples: 60_000, batch: 150, noiseMultiplier: 1.3, epochs: 15, delta: 1e-5, epsilon: 0.7242234026109595 },
  { examples: 100_000, batch: 100, noiseMultiplier: 1, epochs: 30, delta: 1e-7, epsilon: 1.4154988495444842 },
])('epsilon of $examples examples, $epochs epochs, noise $noiseMultiplier', (run) => {
  const steps = Math.ceil((run.epochs * run.examples) / run.batch);
  const mechanism = { sampleRate: run.batch / run.examples, noiseMultiplier: run.noiseMultiplier, steps };
  expect(privacyEpsilon(mechanism, run.delta)).toBeCloseTo(run.epsilon, 7);
});

test.each([
  [5, 2.1808e-3],
  [50, 2.3846e-2],
  [100, 1.6742e2],
])('Renyi divergence of 50 sampled steps at order %d', (order, expected) => {
  const rdp = 50 * sampledGaussianRdp({ sampleRate: 0.01, noiseMultiplier: 2.5, steps: 50 }, order);
  expect(rdp / expected).toBeCloseTo(1, 4);
});

test('without sampling it is the Gaussian mechanism: (1, 1e-6) at the noise that gives exactly that', () => {
  const mechanism = { sampleRate: 1, noiseMultiplier: 4.530877117, steps: 1 };
  expect(privacyEpsilon(mechanism, 1e-6)).toBeCloseTo(1, 3);
});

test('more steps, a larger sample or less noise cost more; no noise or no data are the ends', () => {
  const run = { sampleRate: 0.02, noiseMultiplier: 1, steps: 500 };
  const spent = privacyEpsilon(run, 1e-5);
  expect(privacyEpsilon({ ...run, steps: 1000 }, 1e-5)).toBeGreaterThan(spent);
  expect(privacyEpsilon({ ...run, sampleRate: 0.04 }, 1e-5)).toBeGreaterThan(spent);
  expect(privacyEpsilon({ ...run, noiseMultiplier: 0.8 }, 1e-5)).toBeGreaterThan(spent);
  expect(privacyEpsilon({ ...run, noiseMultiplier: 0 }, 1e-5)).toBe(Number.POSITIVE_INFINITY);
  expect(privacyEpsilon({ ...run, sampleRate: 0 }, 1e-5)).toBe(0);
});
