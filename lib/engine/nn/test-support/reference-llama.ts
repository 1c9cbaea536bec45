import type { LlamaConfig } from '../config.ts';
import { linearPath } from '../weights.ts';

type Matrix = Float64Array[];
type Weights = Readonly<Record<string, Float32Array>>;

/** A LoRA delta in double precision: x [in] -> scale * B (A x) of one linear layer, or null. */
export type ReferenceDelta = (path: string) => { a: Float32Array; b: Float32Array; rank: number; scale: number } | null;

/**
 * The slow, obvious Llama in double precision: loops over scalars, written from the Hugging Face definition and not
 * from our graph code. One sequence of ids -> logits [T][V].
 */
export function referenceLogits(
  config: LlamaConfig,
  weights: Weights,
  ids: ArrayLike<number>,
  delta: ReferenceDelta = () => null,
): Matrix {
  const d = config.hidden_size;
  const embedding = weights['model.embed_tokens.weight']!;
  let x: Matrix = Array.from(ids, (id) => Float64Array.from(embedding.subarray(id * d, (id + 1) * d)));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const apply = (module: Parameters<typeof linearPath>[1], rows: Matrix): Matrix => {
      const path = linearPath(layer, module);
      // A bias is there or not by the checkpoint, not by our reading of the configuration.
      const bias = weights[`${path}.bias`];
      const out = rows.map((row) => project(weights[`${path}.weight`]!, row, delta(path)));
      return bias ? out.map((row) => row.map((value, i) => value + bias[i]!)) : out;
    };
    const attentionInput = norm(x, weights[`model.layers.${layer}.input_layernorm.weight`]!, config.rms_norm_eps);
    const mixed = attention(
      config,
      apply('q_proj', attentionInput),
      apply('k_proj', attentionInput),
      apply('v_proj', attentionInput),
    );
    x = addRows(x, apply('o_proj', mixed));
    const inner = norm(x, weights[`model.layers.${layer}.post_attention_layernorm.weight`]!, config.rms_norm_eps);
    const gate = apply('gate_proj', inner);
    const up = apply('up_proj', inner);
    const activated = gate.map((row, t) => row.map((value, i) => (value / (1 + Math.exp(-value))) * up[t]![i]!));
    x = addRows(x, apply('down_proj', activated));
  }
  const head = config.tie_word_embeddings ? embedding : weights['lm_head.weight']!;
  return norm(x, weights['model.norm.weight']!, config.rms_norm_eps).map((row) => project(head, row, null));
}

/** -log softmax(logits)[label]. */
export function referenceLoss(logits: Float64Array, label: number): number {
  const top = Math.max(...logits);
  return top + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0)) - logits[label]!;
}

function attention(config: LlamaConfig, q: Matrix, k: Matrix, v: Matrix): Matrix {
  const width = config.head_dim;
  const shared = config.num_attention_heads / config.num_key_value_heads;
  return q.map((row, t) => {
    const out = new Float64Array(config.num_attention_heads * width);
    for (let head = 0; head < config.num_attention_heads; head++) {
      const group = Math.floor(head / shared);
      const query = rotate(config, row.subarray(head * width, (head + 1) * width), t);
      const scores = Array.from({ length: t + 1 }, (_, s) => {
        const key = rotate(config, k[s]!.subarray(group * width, (group + 1) * width), s);
        return dot(query, key) / Math.sqrt(width);
      });
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      for (const [s, score] of scores.entries()) {
        const weight = Math.exp(score - top) / total;
        for (let i = 0; i < width; i++) out[head * width + i]! += weight * v[s]![group * width + i]!;
      }
    }
    return out;
  });
}

function rotate(config: LlamaConfig, x: Float64Array, position: number): Float64Array {
  const half = x.length / 2;
  return x.map((value, i) => {
    const angle = position * frequency(config, i % half);
    const partner = i < half ? -x[i + half]! : x[i - half]!;
    return value * Math.cos(angle) + partner * Math.sin(angle);
  });
}

/** Radians per position, over wavelengths as Meta published the rule with Llama 3.1. */
function frequency({ rope_theta, rope_scaling: scaling, head_dim }: LlamaConfig, pair: number): number {
  const plain = rope_theta ** (-pair / (head_dim / 2));
  if (scaling === null) return plain;
  if (scaling.rope_type === 'linear') return plain / scaling.factor;
  const wavelength = (2 * Math.PI) / plain;
  const context = scaling.original_max_position_embeddings;
  if (wavelength < context / scaling.high_freq_factor) return plain;
  if (wavelength > context / scaling.low_freq_factor) return plain / scaling.factor;
  const range = scaling.high_freq_factor - scaling.low_freq_factor;
  const smooth = (context / wavelength - scaling.low_freq_factor) / range;
  return ((1 - smooth) * plain) / scaling.factor + smooth * plain;
}

function project(weight: Float32Array, x: Float64Array, delta: ReturnType<ReferenceDelta>): Float64Array {
  const out = new Float64Array(weight.length / x.length);
  for (let o = 0; o < out.length; o++) out[o] = dot(weight.subarray(o * x.length, (o + 1) * x.length), x);
  if (!delta) return out;
  const { a, b, rank, scale } = delta;
  const inner = Array.from({ length: rank }, (_, r) => dot(a.subarray(r * x.length, (r + 1) * x.length), x));
  return out.map((value, o) => value + scale * inner.reduce((sum, z, r) => sum + z * b[o * rank + r]!, 0));
}

function norm(rows: Matrix, weight: Float32Array, eps: number): Matrix {
  return rows.map((row) => {
    const scale = 1 / Math.sqrt(dot(row, row) / row.length + eps);
    return row.map((value, i) => value * scale * weight[i]!);
  });
}

function addRows(a: Matrix, b: Matrix): Matrix {
  return a.map((row, t) => row.map((value, i) => value + b[t]![i]!));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
