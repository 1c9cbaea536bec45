import type { LlamaConfig } from '../nn/config.ts';
import { rotaryAngles } from '../nn/llama.ts';
import {
  encodeOnnxModel,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValueInfo,
} from '../onnx/encode.ts';
import { barrier } from '../runtime/in-place-session.ts';
import { type FusedGroup, FusedLayout } from './fused-layout.ts';

export type DecoderGraphOptions = {
  config: LlamaConfig;
  /** Initialisers of `WeightsFile`. */
  weights: ReadonlyMap<string, OnnxTensor>;
  /** Positions that the rotary tables cover. */
  contextTokens: number;
  /** Groups that take adapters; the others are the base's alone and cost nothing extra. */
  adapted: ReadonlySet<FusedGroup>;
};

/** Graph inputs with one LoRA pair per row: A [B, R, in] and scaled B^T [B, R, out], R the same for a group's layers. */
export const loraInput = (part: 'A' | 'B', group: FusedGroup, layer: number): string => `${part}.${group}.${layer}`;

/**
 * B sequences, each with its own adapter, S new tokens each, against their caches: one graph for prompts (B = 1, S as
 * long as a chunk) and for decoding (S = 1), so that the process holds the weights once.
 *
 * In: `ids` [B,S]; `lengths` [B], cached and new tokens less one; `longest` [], the largest of lengths plus one (i32);
 * `keys.l`, `values.l` [B,kv,C,hd] with C >= longest, written in place: `keysOut.l` and `valuesOut.l` must be the same
 * arrays; the LoRA inputs. Out: `logits` [B,V] of each row's last token and `firstLogprob` [B,1], that of token 0: their
 * difference is log(sum(exp)), and LogSoftmax is nine times as fast as ReduceLogSumExp.
 *
 * The operators are onnxruntime's fused ones: 10 a layer in place of 50. GroupQueryAttention reads each row's own length,
 * so short sequences do not pay for long neighbours, and it computes row by row, as the matrix products do: a row's result
 * does not depend on who else is in the batch, to the bit.
 */
export function decoderGraph({ config, weights, contextTokens, adapted }: DecoderGraphOptions): Uint8Array {
  const graph = new GraphWriter(weights);
  graph.input('ids', 'i32', ['B', 'S']);
  graph.input('lengths', 'i32', ['B']);
  graph.input('longest', 'i32', []);
  graph.barrier('longest');
  const layout = new FusedLayout(config);
  addRotaryTables(graph, config, layout.headSize, contextTokens);
  graph.constant('sides', 'i64', [2], BigInt64Array.from([config.intermediate_size, config.intermediate_size], BigInt));
  graph.constant('last', 'i64', [], BigInt64Array.of(-1n));
  graph.constant('first', 'i64', [1], BigInt64Array.of(0n));
  const linear = (x: string, group: FusedGroup, layer: number): string =>
    addLinear(graph, layout, x, group, layer, adapted.has(group));
  const residual = { x: graph.node('Gather', ['embed', 'ids'], { axis: 0 }), delta: null as string | null };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const normal = addNorm(graph, residual, `norm1.${layer}`, config.rms_norm_eps);
    const mixed = addAttention(graph, layout, linear(normal, 'qkv', layer), layer);
    residual.delta = linear(mixed, 'o', layer);
    const gateUp = linear(addNorm(graph, residual, `norm2.${layer}`, config.rms_norm_eps), 'gateUp', layer);
    const [gate, up] = graph.nodes('Split', [gateUp, 'sides'], 2, { axis: -1 }) as [string, string];
    // x * sigmoid(x): the fused operator's name comes from its other use.
    const active = graph.node('QuickGelu', [gate], { alpha: { float: 1 } }, 'com.microsoft');
    residual.delta = linear(graph.node('Mul', [active, up]), 'down', layer);
  }
  const normal = addNorm(graph, residual, 'norm', config.rms_norm_eps);
  const last = graph.node('Gather', [normal, 'last'], { axis: 1 });
  const logits = addProduct(graph, last, config.tie_word_embeddings ? 'embed' : 'head', 'logits');
  graph.output(logits, ['B', config.vocab_size]);
  const logprobs = graph.node('LogSoftmax', [logits], { axis: -1 });
  graph.output(graph.node('Gather', [logprobs, 'first'], { axis: 1 }, '', 'firstLogprob'), ['B', 1]);
  return graph.build();
}

/** x [B,S,in] through a fused group, bias and adapter included. */
function addLinear(
  graph: GraphWriter,
  layout: FusedLayout,
  x: string,
  group: FusedGroup,
  layer: number,
  isAdapted: boolean,
): string {
  let y = addProduct(graph, x, `${group}.${layer}`);
  if (graph.has(`${group}Bias.${layer}`)) y = graph.node('Add', [y, `${group}Bias.${layer}`]);
  if (!isAdapted) return y;
  const [outputs, inputs] = layout.shape(group);
  const a = graph.input(loraInput('A', group, layer), 'f32', ['B', `R.${group}`, inputs]);
  const b = graph.input(loraInput('B', group, layer), 'f32', ['B', `R.${group}`, outputs]);
  return graph.node('Add', [y, graph.node('MatMul', [addProduct(graph, x, a), b])]);
}

/** x times the transpose of a matrix, in the order in which checkpoints store it. */
function addProduct(graph: GraphWriter, x: string, matrix: string, name?: string): string {
  return graph.node('FusedMatMul', [x, matrix], { transB: 1 }, 'com.microsoft', name);
}

/** RMS norm of x + delta, which becomes the new x. */
function addNorm(
  graph: GraphWriter,
  residual: { x: string; delta: string | null },
  weight: string,
  eps: number,
): string {
  const epsilon = { float: eps };
  if (residual.delta === null) {
    return graph.node('SimplifiedLayerNormalization', [residual.x, weight], { axis: -1, epsilon, stash_type: 1 });
  }
  const inputs = [residual.x, residual.delta, weight];
  const [normal, sum] = graph.skipNorm(inputs, { epsilon });
  residual.x = sum;
  return normal;
}

function addAttention(graph: GraphWriter, { config, headSize }: FusedLayout, qkv: string, layer: number): string {
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads, head_dim: width } = config;
  const shape = ['B', keyValueHeads, 'C', headSize];
  for (const part of ['keys', 'values']) {
    graph.input(`${part}.${layer}`, 'f32', shape);
    graph.output(`${part}Out.${layer}`, shape);
  }
  return graph.attention(qkv, layer, {
    num_heads: heads,
    kv_num_heads: keyValueHeads,
    scale: { float: 1 / Math.sqrt(width) },
    do_rotary: 1,
  });
}

/** cos and sin of every position's angles, [C, hd / 2]; padded pairs are zeros whatever they are rotated by. */
function addRotaryTables(graph: GraphWriter, config: LlamaConfig, headSize: number, contextTokens: number): void {
  const angles = rotaryAngles(config, contextTokens);
  const half = config.head_dim / 2;
  const widened = (source: Float32Array, from: number): Float32Array => {
    const table = new Float32Array((contextTokens * headSize) / 2);
    for (let position = 0; position < contextTokens; position++) {
      const start = position * config.head_dim + from;
      table.set(source.subarray(start, start + half), (position * headSize) / 2);
    }
    return table;
  };
  graph.constant('cos', 'f32', [contextTokens, headSize / 2], widened(angles.cos, 0));
  graph.constant('sin', 'f32', [contextTokens, headSize / 2], widened(angles.signedSin, half));
}

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Collects nodes with sizes that are known only when they run, which the training graphs' builder does not have. */
class GraphWriter {
  private readonly written: OnnxNode[] = [];
  private readonly initializers: Map<string, OnnxTensor>;
  private readonly inputs: OnnxValueInfo[] = [];
  private readonly outputs: OnnxValueInfo[] = [];
  private nextId = 0;

  constructor(weights: ReadonlyMap<string, OnnxTensor>) {
    this.initializers = new Map(weights);
  }

  has(initializer: string): boolean {
    return this.initializers.has(initializer);
  }

  input(name: string, dtype: 'f32' | 'i32', shape: OnnxValueInfo['shape']): string {
    this.inputs.push({ name, dtype, shape });
    return name;
  }

  output(name: string, shape: OnnxValueInfo['shape']): void {
    this.outputs.push({ name, dtype: 'f32', shape });
  }

  barrier(input: string): void {
    const { node, output } = barrier(input);
    this.written.push(node);
    this.outputs.unshift(output);
  }

  constant(name: string, dtype: OnnxTensor['dtype'], shape: number[], data: Float32Array | BigInt64Array): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.set(name, { name, dtype, shape, data: bytes });
  }

  node(op: string, inputs: string[], attributes: Attributes = {}, domain = '', name = `t${this.nextId++}`): string {
    this.written.push({ op, domain, inputs, outputs: [name], attributes });
    return name;
  }

  nodes(op: string, inputs: string[], count: number, attributes: Attributes): string[] {
    const outputs = Array.from({ length: count }, () => `t${this.nextId++}`);
    this.written.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  /** The norm of the first two inputs' sum, and the sum. */
  skipNorm(inputs: string[], attributes: Attributes): [normal: string, sum: string] {
    const [normal, sum] = [`t${this.nextId++}`, `t${this.nextId++}`];
    const outputs = [normal, '', '', sum];
    const op = 'SkipSimplifiedLayerNormalization';
    this.written.push({ op, domain: 'com.microsoft', inputs, outputs, attributes });
    return [normal, sum];
  }

  attention(qkv: string, layer: number, attributes: Attributes): string {
    const mixed = `mixed.${layer}`;
    this.written.push({
      op: 'GroupQueryAttention',
      domain: 'com.microsoft',
      inputs: [qkv, '', '', `keys.${layer}`, `values.${layer}`, 'lengths', 'longest', 'cos', 'sin'],
      outputs: [mixed, `keysOut.${layer}`, `valuesOut.${layer}`],
      attributes,
    });
    return mixed;
  }

  build(): Uint8Array {
    return encodeOnnxModel({
      name: 'decoder',
      nodes: this.written,
      initializers: [...this.initializers.values()],
      inputs: this.inputs,
      outputs: this.outputs,
    });
  }
}
