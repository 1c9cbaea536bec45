import { expect, test } from 'vitest';
import { gradient } from '../autodiff/gradient.ts';
import { Graph, type Value } from '../graph/builder.ts';
import { mul, sumAll } from '../graph/ops.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { createNormal } from '../train/random.ts';
import { attendCausally } from './causal-attention.ts';

const [batch, heads, groups, width] = [2, 4, 2, 6];

/** Heads [B][heads][T][hd] of one causal attention in double precision, `forbidden(t, s)` besides. */
function reference(q: Float32Array, k: Float32Array, v: Float32Array, time: number, forbidden = 0): Float64Array {
  const out = new Float64Array(q.length);
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const own = (b * heads + h) * time;
      const shared = (b * groups + Math.floor(h / (heads / groups))) * time;
      for (let t = 0; t < time; t++) {
        const scores: number[] = [];
        for (let s = 0; s <= t; s++) {
          let dot = 0;
          for (let i = 0; i < width; i++) dot += q[(own + t) * width + i]! * k[(shared + s) * width + i]!;
          scores.push(t >= forbidden && s < forbidden ? Number.NEGATIVE_INFINITY : dot);
        }
        const top = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - top));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        for (let s = 0; s <= t; s++) {
          for (let i = 0; i < width; i++) {
            out[(own + t) * width + i]! += (weights[s]! / total) * v[(shared + s) * width + i]!;
          }
        }
      }
    }
  }
  return out;
}

// 40: one chunk; 70: two; 130: four, the last of them shorter. `forbidden` is a second document in the same line.
test.each([
  [40, 0],
  [70, 0],
  [130, 0],
  [130, 50],
])('%i positions, documents cut at %i: output and gradients agree with double precision', async (time, forbidden) => {
  const normal = createNormal(`attention|${time}`);
  const random = (size: number) => Float32Array.from({ length: size }, () => normal());
  const feeds: Record<string, Float32Array> = {
    q: random(batch * heads * time * width),
    k: random(batch * groups * time * width),
    v: random(batch * groups * time * width),
    seed: random(batch * heads * time * width),
  };
  const graph = new Graph('attention');
  const input = (name: string, count: number) => graph.input(name, 'f32', [batch, count, time, width], name !== 'seed');
  const inputs: [Value, Value, Value] = [input('q', heads), input('k', groups), input('v', groups)];
  const output = attendCausally(...inputs, graph.constant('f32', [1, 1, 1, time, time], biasOf(time, forbidden)));
  const gradients = gradient(sumAll(mul(output, input('seed', heads))), inputs);
  graph.output('output', output);
  for (const [i, name] of ['dq', 'dk', 'dv'].entries()) graph.output(name, gradients[i]!);
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const found = (await session.run(feeds)) as Record<string, Float32Array>;
  await session.release();

  const { q, k, v, seed } = feeds as Record<'q' | 'k' | 'v' | 'seed', Float32Array>;
  const expected = reference(q, k, v, time, forbidden);
  for (const [i, value] of expected.entries()) expect(Math.abs(found.output![i]! - value)).toBeLessThan(1e-5);
  const loss = () => reference(q, k, v, time, forbidden).reduce((sum, value, i) => sum + value * seed[i]!, 0);
  for (const name of ['q', 'k', 'v'] as const) {
    const array = feeds[name]!;
    for (let probe = 0; probe < 6; probe++) {
      const at = Math.floor(((probe + 0.5) * array.length) / 6);
      const kept = array[at]!;
      array[at] = kept + 1e-3;
      const [up, upAt] = [loss(), array[at]!];
      array[at] = kept - 1e-3;
      const slope = (up - loss()) / (upAt - array[at]!);
      array[at] = kept;
      expect(Math.abs(found[`d${name}`]![at]! - slope)).toBeLessThan(1e-3 * Math.max(1, Math.abs(slope)));
    }
  }
});

function biasOf(time: number, forbidden: number): Float32Array {
  const bias = new Float32Array(time * time);
  for (let t = 0; t < time; t++) {
    for (let s = 0; s < time; s++) bias[t * time + s] = s > t || (t >= forbidden && s < forbidden) ? -1e9 : 0;
  }
  return bias;
}
