import { type BuiltGraph, Graph, type Value } from '../graph/builder.ts';
import { add, concat, gather, matmul, mul, reshape, softmax, split } from '../graph/ops.ts';
import { headSize, type LlamaConfig } from '../nn/config.ts';
import {
  attend,
  embed,
  feedForward,
  finishAttention,
  type LinearHook,
  languageHead,
  projectAttention,
  rotaryAngles,
} from '../nn/llama.ts';
import { linearModules, linearShape, weightSpecs } from '../nn/weights.ts';

/** Frozen weights by Hugging Face name. */
export type Weights = ReadonlyMap<string, { data: Float32Array }>;

/** Added to attention scores of positions that a token may not see. */
export const hidden = -1e9;

/** Graph inputs that hold one LoRA matrix pair per row: A^T [B, in, r] and scaled B^T [B, r, out]. */
export const slotInputName = (layer: number, module: string, part: 'A' | 'B'): string =>
  `lora.${layer}.${module}.${part}`;

/**
 * One decoding step for `batch` sequences, each with its own adapter, against a cache of `context` positions.
 *
 * In: `ids` [B] (i32); `cos`, `signedSin` [B,1,1,hd] of each row's position; `bias` [B,1,1,C], 0 where the cache is filled;
 * `keys.l` [B,kv,hd,C] (transposed, so that scores need no copy) and `values.l` [B,kv,C,hd]; the slot inputs when rank > 0.
 * Out: `logits` [B,V]; `newKeys.l` and `newValues.l` [B,kv,hd], which the caller writes into the cache.
 * The weights are initialisers: the runtime lays them out once, which makes decoding half as slow again without.
 */
export function decodeGraph(
  config: LlamaConfig,
  weights: Weights,
  size: { batch: number; context: number; rank: number },
): BuiltGraph {
  const { batch, context, rank } = size;
  const graph = new Graph(`decode-${batch}x${context}r${rank}`);
  const width = headSize(config);
  const groups = config.num_key_value_heads;
  const ids = graph.input('ids', 'i32', [batch]);
  const cos = graph.input('cos', 'f32', [batch, 1, 1, width]);
  const signedSin = graph.input('signedSin', 'f32', [batch, 1, 1, width]);
  const bias = graph.input('bias', 'f32', [batch, 1, 1, context]);
  const parts = {
    config,
    weight: constantWeights(graph, config, weights),
    linear: slotHook(graph, config, batch, rank),
  };
  let x = embed(parts, ids);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const { queries, keys, values } = projectAttention(parts, layer, x, { batch, time: 1 }, { cos, signedSin });
    const cache = {
      keys: graph.input(`keys.${layer}`, 'f32', [batch, groups, width, context]),
      values: graph.input(`values.${layer}`, 'f32', [batch, groups, context, width]),
    };
    x = finishAttention(parts, layer, x, attendCached(queries, keys, values, cache, bias));
    x = feedForward(parts, layer, x);
    graph.output(`newKeys.${layer}`, reshape(keys, [batch, groups, width]));
    graph.output(`newValues.${layer}`, reshape(values, [batch, groups, width]));
  }
  graph.output('logits', languageHead(parts, x));
  return graph.build();
}

/**
 * One prompt of up to `time` tokens with its adapter. In: `ids` [T] padded on the right, `last` [1], the index of the
 * prompt's last token, the weights by name, the slot inputs when rank > 0. Out: `logits` [1,V] of `last`;
 * `newKeys.l`, `newValues.l` [kv,T,hd]. Weights are inputs, so that all lengths share one set of arrays.
 */
export function prefillGraph(config: LlamaConfig, { time, rank }: { time: number; rank: number }): BuiltGraph {
  const graph = new Graph(`prefill-${time}r${rank}`);
  const width = headSize(config);
  const groups = config.num_key_value_heads;
  const named = new Map(weightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const parts = { config, weight: (name: string) => named.get(name)!, linear: slotHook(graph, config, 1, rank) };
  const angles = rotaryAngles(config, time);
  const tables = {
    cos: graph.constant('f32', [1, 1, time, width], angles.cos),
    signedSin: graph.constant('f32', [1, 1, time, width], angles.signedSin),
  };
  const bias = new Float32Array(time * time);
  for (let row = 0; row < time; row++) bias.fill(hidden, row * time + row + 1, (row + 1) * time);
  const causal = graph.constant('f32', [1, 1, 1, time, time], bias);
  let x = embed(parts, graph.input('ids', 'i32', [time]));
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const { queries, keys, values } = projectAttention(parts, layer, x, { batch: 1, time }, tables);
    x = finishAttention(parts, layer, x, attend(queries, keys, values, causal));
    x = feedForward(parts, layer, x);
    graph.output(`newKeys.${layer}`, reshape(keys, [groups, time, width]));
    graph.output(`newValues.${layer}`, reshape(values, [groups, time, width]));
  }
  graph.output('logits', languageHead(parts, gather(x, graph.input('last', 'i32', [1]))));
  return graph.build();
}

/** Attention of one new token per row: scores over the cache and the token itself, without joining the two. */
function attendCached(
  queries: Value,
  newKeys: Value,
  newValues: Value,
  cache: { keys: Value; values: Value },
  bias: Value,
): Value {
  const [batch, heads, , width] = queries.shape as [number, number, number, number];
  const [, groups, , context] = cache.keys.shape as [number, number, number, number];
  const rows = reshape(queries, [batch, groups, heads / groups, width]);
  const past = add(matmul(rows, cache.keys), bias);
  const own = matmul(rows, reshape(newKeys, [batch, groups, width, 1]));
  const [pastWeights, ownWeights] = split(softmax(concat([past, own], -1)), [context, 1], -1) as [Value, Value];
  return reshape(add(matmul(pastWeights, cache.values), mul(ownWeights, newValues)), [batch, heads * width]);
}

function slotHook(graph: Graph, config: LlamaConfig, batch: number, rank: number): LinearHook | undefined {
  if (rank === 0) return undefined;
  const pairs = new Map<string, { a: Value; b: Value }>();
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const module of linearModules) {
      const [outputs, inputs] = linearShape(config, module);
      pairs.set(`${layer}.${module}`, {
        a: graph.input(slotInputName(layer, module, 'A'), 'f32', [batch, inputs, rank]),
        b: graph.input(slotInputName(layer, module, 'B'), 'f32', [batch, rank, outputs]),
      });
    }
  }
  return ({ layer, module, x, base }) => {
    const { a, b } = pairs.get(`${layer}.${module}`)!;
    const rows = reshape(x, [batch, -1, x.shape[1]!]);
    return add(base, reshape(matmul(matmul(rows, a), b), base.shape));
  };
}

function constantWeights(graph: Graph, config: LlamaConfig, weights: Weights): (name: string) => Value {
  const values = new Map(
    weightSpecs(config).map(({ name, shape }) => [name, graph.constant('f32', shape, weights.get(name)!.data)]),
  );
  return (name) => values.get(name)!;
}
