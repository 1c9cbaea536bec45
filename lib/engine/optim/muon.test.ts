import { expect, test } from 'vitest';
import { Graph } from '../graph/builder.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { createNormal } from '../train/random.ts';
import { adamCorrections } from './adamw.ts';
import { type MuonConfig, muon, orthogonalize } from './muon.ts';

const config: MuonConfig = {
  beta1: 0.9,
  beta2: 0.95,
  epsilonPlace: 'outside',
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradNorm: 0,
  momentum: 0.95,
};
const [rows, cols] = [6, 4];
const normal = createNormal('muon');
const draw = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, normal);

test('orthogonalised columns are near unit length and near right angles, whatever the input scale', async () => {
  const graph = new Graph('orthogonalize');
  graph.output('o', orthogonalize(graph.input('g', 'f32', [1, rows, cols])));
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const g = draw(rows * cols);
  for (const scale of [1e-3, 1, 1e3]) {
    const { o } = await session.run<'o'>({ g: g.map((x) => x * scale) });
    for (let a = 0; a < cols; a++) {
      for (let b = 0; b <= a; b++) {
        let dot = 0;
        for (let r = 0; r < rows; r++) dot += Number(o[r * cols + a]) * Number(o[r * cols + b]);
        if (a === b) expect(Math.abs(Math.sqrt(dot) - 0.95)).toBeLessThan(0.26);
        else expect(Math.abs(dot)).toBeLessThan(0.5);
      }
    }
  }
  await session.release();
});

test('a step equals the formula written out in double precision', async () => {
  const size = rows * cols;
  const graph = new Graph('step');
  const state = {
    theta: graph.input('theta', 'f32', [size + 3]),
    m: graph.input('m', 'f32', [size + 3]),
    v: graph.input('v', 'f32', [size + 3]),
  };
  const tensors = [
    { shape: [rows, cols], isMuon: true },
    { shape: [3], isMuon: false },
  ];
  const mask = graph.constant('f32', [size + 3], new Float32Array(size + 3));
  const next = muon(graph, state, graph.input('g', 'f32', [size + 3]), config, tensors, mask);
  graph.output('nextTheta', next.theta);
  graph.output('nextM', next.m);
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const [theta, m, g] = [draw(size + 3), draw(size + 3), draw(size + 3)];
  const v = draw(size + 3).map(Math.abs);
  const feeds = { theta, m, v, g, ...adamCorrections(config, 3), learningRate: Float32Array.of(0.01) };
  const { nextTheta, nextM } = await session.run<'nextTheta' | 'nextM'>(feeds);

  const momentum = Array.from({ length: size }, (_, i) => 0.95 * m[i]! + g[i]!);
  const direction = newtonSchulz(momentum.map((x, i) => 0.95 * x + g[i]!));
  for (let i = 0; i < size; i++) {
    const step = direction[i]! * 0.2 * Math.sqrt(rows) + 0.1 * theta[i]!;
    expect(nextM[i]).toBeCloseTo(momentum[i]!, 5);
    expect(nextTheta[i]).toBeCloseTo(theta[i]! - 0.01 * step, 5);
  }
  // The vector's tail belongs to AdamW.
  const first = 0.9 * m[size]! + 0.1 * g[size]!;
  const second = 0.95 * v[size]! + 0.05 * g[size]! ** 2;
  const { correction1, correction2 } = adamCorrections(config, 3);
  const adam = (first * correction1[0]!) / (Math.sqrt(second * correction2[0]!) + 1e-8);
  expect(nextTheta[size]).toBeCloseTo(theta[size]! - 0.01 * adam, 5);
  await session.release();
});

/** The iteration on a tall [rows, cols] matrix by plain loops: transposed, iterated, transposed back. */
function newtonSchulz(tall: readonly number[]): number[] {
  const norm = Math.hypot(...tall) + 1e-7;
  let x = Array.from({ length: cols }, (_, c) => Array.from({ length: rows }, (_, r) => tall[r * cols + c]! / norm));
  const times = (a: number[][], b: number[][]): number[][] =>
    a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
  for (let i = 0; i < 5; i++) {
    const gram = times(
      x,
      x[0]!.map((_, j) => x.map((row) => row[j]!)),
    );
    const squared = times(gram, gram);
    const polynomial = gram.map((row, a) => row.map((value, b) => -4.775 * value + 2.0315 * squared[a]![b]!));
    const product = times(polynomial, x);
    x = x.map((row, a) => row.map((value, b) => 3.4445 * value + product[a]![b]!));
  }
  return Array.from({ length: rows * cols }, (_, i) => x[i % cols]![Math.floor(i / cols)]!);
}
