import { expect, test } from 'vitest';
import { Graph } from '../graph/builder.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { type AdamWConfig, adamCorrections, adamW } from './adamw.ts';
import { learningRateFactor } from './schedule.ts';

const size = 5;
const gradients = [
  [0.5, -2, 0, 1e-4, 3],
  [-0.1, 4, 0, 1e-4, 0],
  [0.2, 0, 0, -1e-4, 1],
];

/** AdamW as in the paper, in double precision, with the epsilon where the configuration wants it. */
function referenceSteps(config: AdamWConfig, learningRate: number): number[] {
  const [theta, m, v] = [new Array(size).fill(1), new Array(size).fill(0), new Array(size).fill(0)];
  for (const [t, gradient] of gradients.entries()) {
    const norm = Math.hypot(...gradient);
    const scale = config.maxGradNorm > 0 ? Math.min(1, config.maxGradNorm / norm) : 1;
    for (let i = 0; i < size; i++) {
      const g = gradient[i]! * scale;
      m[i] = config.beta1 * m[i] + (1 - config.beta1) * g;
      v[i] = config.beta2 * v[i] + (1 - config.beta2) * g * g;
      const [mean, second] = [m[i] / (1 - config.beta1 ** (t + 1)), v[i] / (1 - config.beta2 ** (t + 1))];
      const root =
        config.epsilonPlace === 'root' ? Math.sqrt(second + config.epsilon) : Math.sqrt(second) + config.epsilon;
      theta[i] -= learningRate * (mean / root + config.weightDecay * theta[i]);
    }
  }
  return theta;
}

test.each<AdamWConfig>([
  { beta1: 0.9, beta2: 0.99, epsilonPlace: 'root', epsilon: 1e-6, weightDecay: 0, maxGradNorm: 1 },
  { beta1: 0.9, beta2: 0.95, epsilonPlace: 'outside', epsilon: 1e-8, weightDecay: 0.1, maxGradNorm: 0 },
])('three steps equal the double precision reference: epsilon $epsilonPlace', async (config) => {
  const graph = new Graph('adamw');
  const [theta, m, v] = ['theta', 'm', 'v'].map((name) => graph.input(name, 'f32', [size]));
  const next = adamW(graph, { theta: theta!, m: m!, v: v! }, graph.input('gradient', 'f32', [size]), config);
  graph.output('nextTheta', next.theta);
  graph.output('nextM', next.m);
  graph.output('nextV', next.v);
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  let state = { theta: new Float32Array(size).fill(1), m: new Float32Array(size), v: new Float32Array(size) };
  for (const [t, gradient] of gradients.entries()) {
    const feeds = { ...state, gradient: Float32Array.from(gradient), learningRate: Float32Array.of(0.01) };
    const out = await session.run({ ...feeds, ...adamCorrections(config, t + 1) });
    const copy = (name: string): Float32Array<ArrayBuffer> => Float32Array.from(out[name] as Float32Array);
    state = { theta: copy('nextTheta'), m: copy('nextM'), v: copy('nextV') };
  }
  await session.release();
  for (const [i, expected] of referenceSteps(config, 0.01).entries()) expect(state.theta[i]).toBeCloseTo(expected, 5);
});

test('schedules rise over the warm-up and fall to the floor', () => {
  for (const kind of ['cosine', 'linear', 'constant'] as const) {
    expect(learningRateFactor(kind, 0, 0.1)).toBe(0);
    expect(learningRateFactor(kind, 0.05, 0.1)).toBeCloseTo(0.5);
    expect(learningRateFactor(kind, 0.1, 0.1)).toBeCloseTo(1);
    expect(learningRateFactor(kind, 0, 0)).toBe(1);
  }
  expect(learningRateFactor('cosine', 0.55, 0.1)).toBeCloseTo(0.5);
  expect(learningRateFactor('linear', 0.55, 0.1, 0.2)).toBeCloseTo(0.6);
  expect(learningRateFactor('cosine', 1, 0.1, 0.2)).toBeCloseTo(0.2);
  expect(learningRateFactor('constant', 1, 0.1)).toBe(1);
});
