import type { LlamaConfig } from '#lib/engine/nn/config.ts';
import { weightSpecs } from '#lib/engine/nn/weights.ts';
import { importPeer } from '../peer.ts';

/** The parts of jax-js that the model needs. Arrays are reference-counted: a use consumes, `.ref` keeps. */
type JaxArray = {
  readonly ref: JaxArray;
  add(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  sum(): JaxArray;
  mean(axis: number, options: { keepdims: boolean }): JaxArray;
  reshape(shape: number[]): JaxArray;
  transpose(perm?: number[]): JaxArray;
  data(): Promise<Float32Array>;
  blockUntilReady(): Promise<unknown>;
  dispose(): void;
};
type Parameters = Record<string, JaxArray>;
type Jax = {
  init(device: 'wasm'): Promise<unknown>;
  defaultDevice(device: 'wasm'): unknown;
  jit<F>(fn: F): F;
  valueAndGrad(fn: (parameters: Parameters) => JaxArray): (parameters: Parameters) => [JaxArray, Parameters];
  nn: {
    logSoftmax(x: JaxArray, axis: number): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    silu(x: JaxArray): JaxArray;
  };
  numpy: {
    array(values: Float32Array | Int32Array, options?: { shape?: number[] }): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
    concatenate(xs: JaxArray[], axis: number): JaxArray;
    split(x: JaxArray, parts: number, axis: number): JaxArray[];
  };
};

/**
 * Loss and gradients of a Llama in @jax-js/jax on its WebAssembly backend, compiled by its `jit`: the same model, weights
 * and batch as ours, without an optimiser, which it is not charged for. One thread, as it has no more in Node.
 *
 * @returns a step that computes everything and gives the loss
 */
export async function createJaxStep(
  config: LlamaConfig,
  weights: Readonly<Record<string, Float32Array>>,
  tables: { cos: Float32Array; signedSin: Float32Array },
  batch: { ids: Int32Array; labels: Int32Array },
  time: number,
): Promise<() => Promise<number>> {
  const jax = await importPeer<Jax>(['@jax-js/jax@0.1.25']);
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  const np = jax.numpy;
  const constants = {
    ids: np.array(batch.ids),
    targets: np.array(targets(batch.labels, config.vocab_size)).reshape([batch.labels.length, config.vocab_size]),
    cos: np.array(tables.cos).reshape([1, 1, time, config.head_dim]),
    signedSin: np.array(tables.signedSin).reshape([1, 1, time, config.head_dim]),
    bias: np.array(causalBias(time)).reshape([1, 1, time, time]),
  };
  const parameters: Parameters = {};
  for (const { name, shape } of weightSpecs(config)) parameters[name] = np.array(weights[name]!).reshape([...shape]);
  const step = jax.jit(jax.valueAndGrad((values) => meanLoss(jax, config, values, constants, time)));
  return async () => {
    const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value.ref]));
    const [loss, gradients] = step(given);
    for (const gradient of Object.values(gradients)) {
      await gradient.ref.blockUntilReady();
      gradient.dispose();
    }
    return (await loss.data())[0]!;
  };
}

function meanLoss(jax: Jax, config: LlamaConfig, values: Parameters, constants: Parameters, time: number): JaxArray {
  const np = jax.numpy;
  const get = (name: string): JaxArray => values[name]!.ref;
  let x = np.take(get('model.embed_tokens.weight'), constants.ids!.ref, 0);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) x = block(jax, config, get, constants, layer, x, time);
  const normal = rmsNorm(np, x, get('model.norm.weight'), config.rms_norm_eps);
  const logits = np.matmul(normal, get('model.embed_tokens.weight').transpose([1, 0]));
  const loss = jax.nn.logSoftmax(logits, -1).mul(constants.targets!.ref).sum().neg();
  for (const value of Object.values(values)) value.dispose();
  return loss;
}

function block(
  jax: Jax,
  config: LlamaConfig,
  get: (name: string) => JaxArray,
  constants: Parameters,
  layer: number,
  x: JaxArray,
  time: number,
): JaxArray {
  const np = jax.numpy;
  const { num_attention_heads: heads, head_dim: width, rms_norm_eps: eps } = config;
  const weight = (name: string): JaxArray => get(`model.layers.${layer}.${name}.weight`);
  const linear = (input: JaxArray, name: string): JaxArray => np.matmul(input, weight(name).transpose([1, 0]));
  const split = (input: JaxArray): JaxArray => input.reshape([-1, time, heads, width]).transpose([0, 2, 1, 3]);
  const rotate = (input: JaxArray): JaxArray => {
    const [first, second] = np.split(input.ref, 2, -1);
    const turned = np.concatenate([second!, first!], -1).mul(constants.signedSin!.ref);
    return input.mul(constants.cos!.ref).add(turned);
  };
  const normal = rmsNorm(np, x.ref, weight('input_layernorm'), eps);
  const q = rotate(split(linear(normal.ref, 'self_attn.q_proj')));
  const k = rotate(split(linear(normal.ref, 'self_attn.k_proj')));
  const v = split(linear(normal, 'self_attn.v_proj'));
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(width));
  const mixed = np.matmul(jax.nn.softmax(scores.add(constants.bias!.ref), -1), v);
  const joined = mixed.transpose([0, 2, 1, 3]).reshape([-1, heads * width]);
  const middle = x.add(linear(joined, 'self_attn.o_proj'));
  const inner = rmsNorm(np, middle.ref, weight('post_attention_layernorm'), eps);
  const gate = jax.nn.silu(linear(inner.ref, 'mlp.gate_proj'));
  return middle.add(linear(gate.mul(linear(inner, 'mlp.up_proj')), 'mlp.down_proj'));
}

function rmsNorm(np: Jax['numpy'], x: JaxArray, weight: JaxArray, eps: number): JaxArray {
  const root = np.sqrt(x.ref.mul(x.ref).mean(-1, { keepdims: true }).add(eps));
  return x.div(root).mul(weight);
}

/** One-hot rows over the vocabulary, divided by their number: its compiler has no gradient of a gathered loss. */
function targets(labels: Int32Array, vocabulary: number): Float32Array {
  const rows = new Float32Array(labels.length * vocabulary);
  for (const [row, label] of labels.entries()) rows[row * vocabulary + label] = 1 / labels.length;
  return rows;
}

function causalBias(time: number): Float32Array {
  return Float32Array.from({ length: time * time }, (_, i) => (i % time > Math.floor(i / time) ? -1e9 : 0));
}
