import { expect, test } from 'vitest';
import { gradient } from '../autodiff/gradient.ts';
import { type Dialect, Graph, type Value } from '../graph/builder.ts';
import { mul } from '../graph/ops.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { createNormal } from '../train/random.ts';
import { parseLlamaConfig } from './config.ts';
import { rmsNorm, rotary } from './functional.ts';
import { rotaryAngles } from './llama.ts';

const [batch, heads, time, width] = [2, 3, 5, 8];
const shape = [batch, heads, time, width];
const config = parseLlamaConfig({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: heads * width,
  num_hidden_layers: 1,
  num_attention_heads: heads,
  intermediate_size: 8,
  vocab_size: 8,
  rms_norm_eps: 1e-5,
  max_position_embeddings: time,
});
const normal = createNormal('functional');
const random = (size: number) => Float32Array.from({ length: size }, () => normal());
const size = batch * heads * time * width;
const feeds = { x: random(size), dy: random(size), weight: random(width) };

/** Output and input gradients of one function in a dialect. */
async function evaluate(dialect: Dialect, emit: (x: Value, weight: Value) => Value) {
  const graph = new Graph('functional', dialect);
  const [x, weight] = [graph.input('x', 'f32', shape, true), graph.input('weight', 'f32', [width], true)];
  const y = emit(x, weight);
  const [dx, dWeight] = gradient(y, [x, weight], graph.input('dy', 'f32', shape));
  for (const [name, value] of Object.entries({ y, dx: dx!, dWeight: dWeight! })) graph.output(name, value);
  const built = graph.build();
  const session = await OrtSession.create(built, { threads: 1 });
  const outputs = (await session.run(feeds)) as Record<'y' | 'dx' | 'dWeight', Float32Array>;
  await session.release();
  return { outputs, text: Buffer.from(built.bytes).toString('latin1') };
}

test.each([
  ['rmsNorm', 'SimplifiedLayerNormalization', (x: Value, weight: Value) => rmsNorm(x, weight, 1e-2)],
  [
    'rotary',
    'RotaryEmbedding',
    (x: Value) => {
      const { cos, signedSin } = rotaryAngles(config, time);
      const table = (data: Float32Array) => x.graph.constant('f32', [1, 1, time, width], data);
      return rotary(x, mul(table(cos), 0.5), mul(table(signedSin), 0.5));
    },
  ],
])('%s: the fused operator and its gradients are the plain ones', async (_name, operator, emit) => {
  const [plain, fused] = [await evaluate('onnx', emit), await evaluate('onnxruntime', emit)];
  expect([plain.text.includes(operator), fused.text.includes(operator)]).toEqual([false, true]);
  for (const name of ['y', 'dx', 'dWeight'] as const) {
    for (const [i, value] of plain.outputs[name].entries()) {
      expect(Math.abs(fused.outputs[name][i]! - value)).toBeLessThan(2e-6 * Math.max(1, Math.abs(value)));
    }
  }
});
