import type { Graph, Value } from '../graph/builder.ts';
import { add, concat, full, gather, gemm, mul, reshape, transpose } from '../graph/ops.ts';
import { attendCausally } from './causal-attention.ts';
import type { LlamaConfig } from './config.ts';
import { projectedLoss, rmsNorm, rotary, silu } from './functional.ts';
import { rotaryFrequencies } from './rope.ts';
import { hasBias, type LinearModule, linearPath } from './weights.ts';

/**
 * What a LoRA hook sees: `base` is the frozen layer's output [N, out] for `x` [N, in], made with `weight` [out, in] and
 * `bias` [out]. It returns the adapted output; a base that it does not use is not computed.
 */
export type LinearHook = (call: {
  layer: number;
  module: LinearModule;
  x: Value;
  weight: Value;
  bias: Value | null;
  base: Value;
}) => Value;

/** The parts that all block functions share. `weight` looks a tensor up by its Hugging Face name. */
export type LlamaParts = {
  config: LlamaConfig;
  weight: (name: string) => Value;
  /** Left out: the frozen base alone. */
  linear?: LinearHook | undefined;
};

/** cos and signedSin as `rotary` wants them, broadcastable to [B, heads, T, hd]. */
export type RotaryTables = { cos: Value; signedSin: Value };

/** Token embeddings: ids [N] (i32) -> [N, d]. */
export function embed(parts: LlamaParts, ids: Value): Value {
  return gather(parts.weight('model.embed_tokens.weight'), ids);
}

/** Final norm and vocabulary projection: [N, d] -> logits [N, V]. */
export function languageHead(parts: LlamaParts, x: Value): Value {
  return gemm(finalNorm(parts, x), vocabularyMatrix(parts), { transB: true });
}

/** Final norm, vocabulary projection and next-token loss: [N, d], labels [N] (i32) -> [N]. */
export function headLosses(parts: LlamaParts, x: Value, labels: Value): Value {
  return projectedLoss(finalNorm(parts, x), vocabularyMatrix(parts), labels);
}

/** The last norm before the head: [N, d] -> [N, d]. */
export function finalNorm({ config, weight }: LlamaParts, x: Value): Value {
  return rmsNorm(x, weight('model.norm.weight'), config.rms_norm_eps);
}

function vocabularyMatrix({ config, weight }: LlamaParts): Value {
  return weight(config.tie_word_embeddings ? 'model.embed_tokens.weight' : 'lm_head.weight');
}

/** One linear layer with its bias, if it has one, and its LoRA hook: [N, in] -> [N, out]. */
export function linear(parts: LlamaParts, layer: number, module: LinearModule, x: Value): Value {
  const path = linearPath(layer, module);
  const weight = parts.weight(`${path}.weight`);
  const bias = hasBias(parts.config, module) ? parts.weight(`${path}.bias`) : null;
  const product = gemm(x, weight, { transB: true });
  const base = bias ? add(product, bias) : product;
  return parts.linear ? parts.linear({ layer, module, x, weight, bias, base }) : base;
}

export type BatchShape = { batch: number; time: number };

/**
 * Norm, projections and rotary embedding of one layer's attention.
 * x [B*T, d] -> queries [B, H, T, hd], divided by sqrt(hd) through their tables, keys and values [B, kv, T, hd].
 */
function projectAttention(
  parts: LlamaParts,
  layer: number,
  x: Value,
  { batch, time }: BatchShape,
  tables: RotaryTables,
): { queries: Value; keys: Value; values: Value } {
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads, head_dim: width } = parts.config;
  const normalWeight = parts.weight(`model.layers.${layer}.input_layernorm.weight`);
  const normal = rmsNorm(x, normalWeight, parts.config.rms_norm_eps);
  const project = (module: LinearModule, count: number): Value =>
    transpose(reshape(linear(parts, layer, module, normal), [batch, time, count, width]), [0, 2, 1, 3]);
  const scale = 1 / Math.sqrt(width);
  // Rotated after the transposition: the tables then broadcast in runs of T * hd and not of hd elements.
  return {
    queries: rotary(project('q_proj', heads), mul(tables.cos, scale), mul(tables.signedSin, scale)),
    keys: rotary(project('k_proj', keyValueHeads), tables.cos, tables.signedSin),
    values: project('v_proj', keyValueHeads),
  };
}

/** [B, H, T, hd] -> [B*T, H*hd]. */
function mixHeads(heads: Value): Value {
  const [batch, count, time, width] = heads.shape as [number, number, number, number];
  return reshape(transpose(heads, [0, 2, 1, 3]), [batch * time, count * width]);
}

/** Output projection and residual: x [B*T, d] and mixed [B*T, H*hd] -> [B*T, d]. */
function finishAttention(parts: LlamaParts, layer: number, x: Value, mixed: Value): Value {
  return add(x, linear(parts, layer, 'o_proj', mixed));
}

/** SwiGLU feed-forward with norm and residual (Shazeer 2020, arXiv 2002.05202): [N, d] -> [N, d]. */
function feedForward(parts: LlamaParts, layer: number, x: Value): Value {
  const normalWeight = parts.weight(`model.layers.${layer}.post_attention_layernorm.weight`);
  const normal = rmsNorm(x, normalWeight, parts.config.rms_norm_eps);
  const gate = silu(linear(parts, layer, 'gate_proj', normal));
  const up = linear(parts, layer, 'up_proj', normal);
  return add(x, linear(parts, layer, 'down_proj', mul(gate, up)));
}

/** What the blocks know of where a token stands: `bias` as `attendCausally` takes it, rotary tables as `projectAttention` does. */
export type SequenceContext = { tables: RotaryTables; bias: Value };

/** One sequence a line, from position 0, each token seeing those before it. */
export function causalContext(graph: Graph, config: LlamaConfig, time: number): SequenceContext {
  return { tables: constantRotaryTables(graph, config, time), bias: causalBias(graph, time) };
}

/** All blocks over full sequences, causal unless `context` says more: ids [B*T] -> [B*T, d] before the head. */
export function llamaStates(
  parts: LlamaParts,
  ids: Value,
  shape: BatchShape,
  context: SequenceContext = causalContext(ids.graph, parts.config, shape.time),
): Value {
  let x = embed(parts, ids);
  for (let layer = 0; layer < parts.config.num_hidden_layers; layer++) {
    x = llamaBlock(parts, layer, x, shape, context);
  }
  return x;
}

/** Some of a batch's rows, by place: `at` [K] (i32) where they stand, `back` [B*T] (i32) which of them each row is, K if none. */
export type ChosenRows = { at: Value; back: Value };

/**
 * One block over full sequences: [B*T, d] -> [B*T, d].
 * @param chosen the rows whose states are wanted, [K, d] then: what the block does after attention is theirs alone
 */
export function llamaBlock(
  parts: LlamaParts,
  layer: number,
  x: Value,
  shape: BatchShape,
  { tables, bias }: SequenceContext,
  chosen?: ChosenRows,
): Value {
  const { queries, keys, values } = projectAttention(parts, layer, x, shape, tables);
  const mixed = mixHeads(attendCausally(queries, keys, values, bias));
  const wanted = (rows: Value): Value => (chosen ? chooseRows(rows, chosen) : rows);
  return feedForward(parts, layer, finishAttention(parts, layer, wanted(x), wanted(mixed)));
}

/** A choice of rows, whose gradient is a choice again: adding them up by place would take 40 times as long. */
function chooseRows(rows: Value, { at, back }: ChosenRows): Value {
  return rows.graph.composite('chooseRows', [rows], gather(rows, at), (_node, [dy]) => {
    const none = full(dy!, [1, dy!.shape[1]!], 0);
    return [gather(concat([dy!, none], 0), back)];
  });
}

/** Rotary angles of positions 0..time-1 as plain arrays [time, hd]: what `rotary` expects, also for decoding. */
export function rotaryAngles(config: LlamaConfig, time: number): { cos: Float32Array; signedSin: Float32Array } {
  const width = config.head_dim;
  const half = width / 2;
  const frequencies = rotaryFrequencies(config, width);
  const cos = new Float32Array(time * width);
  const signedSin = new Float32Array(time * width);
  for (let position = 0; position < time; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * frequencies[i]!;
      const at = position * width + i;
      cos[at] = cos[at + half] = Math.cos(angle);
      signedSin[at] = -Math.sin(angle);
      signedSin[at + half] = Math.sin(angle);
    }
  }
  return { cos, signedSin };
}

function constantRotaryTables(graph: Graph, config: LlamaConfig, time: number): RotaryTables {
  const shape = [1, 1, time, config.head_dim];
  const { cos, signedSin } = rotaryAngles(config, time);
  return { cos: graph.constant('f32', shape, cos), signedSin: graph.constant('f32', shape, signedSin) };
}

/** 0 where a position may look, -1e9 where it may not: [1, 1, 1, T, T]. */
function causalBias(graph: Graph, time: number): Value {
  const bias = new Float32Array(time * time);
  for (let row = 0; row < time; row++) bias.fill(-1e9, row * time + row + 1, (row + 1) * time);
  return graph.constant('f32', [1, 1, 1, time, time], bias);
}
