import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { linearShape, parameterCount } from '../nn/weights.ts';
import { isMonolithic } from './create-step-engine.ts';
import { headTokens } from './layer-wise/head-graphs.ts';
import { keptBytesOfRow, planActivations } from './layer-wise/plan-activations.ts';
import type { Recipe } from './recipe.ts';

/** Node, the runtime, the tokenizer and compiled graphs, before anything that depends on the model's size. */
const fixedBytes = 165e6;
/** theta, m, v, their second copies, the gradient and a checkpoint on its way to the disk. */
const adapterCopies = 8;

/**
 * Most bytes that a fine-tune's process holds at once, for batches of `time` tokens. The layers' share was fitted on the
 * shipped base (8 x 256, 16 x 64 and 1 x 64 tokens, with and without dropout: 671, 400, 187 and 840 MB measured) and
 * holds to about a fifth there.
 */
export function estimateMemory(config: LlamaConfig, recipe: Recipe, time: number): number {
  const layout = adapterLayout(config, recipe.lora);
  const tokens = recipe.batchSize * time;
  const shared = fixedBytes + 4 * (parameterCount(config) + adapterCopies * layout.length);
  if (isMonolithic(config)) {
    const logits = 4 * config.vocab_size;
    return shared + 4 * tokens * (config.num_hidden_layers * layerFloats(config, layout, time) + logits);
  }
  const { rows, keepsProducts } = planActivations(config, layout, time);
  const together = Math.min(rows, recipe.batchSize);
  const kept = keepsProducts ? together * keptBytesOfRow(config, layout, time) : 0;
  const states = together * time * config.hidden_size * (config.num_hidden_layers + 3);
  const head = 4 * headTokens(config) * config.vocab_size;
  return shared + kept + 4 * (states + together * time * layerFloats(config, layout, time) + head);
}

/** Floats that one layer keeps for a token between forward and backward. */
function layerFloats(config: LlamaConfig, { lora }: AdapterLayout, time: number): number {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = config;
  const attention = 1.3 * heads * time; // chunks of a causal mask: about half of all scores, and their softmax
  const dropped = lora.targetModules.reduce((sum, module) => sum + linearShape(config, module)[1], 0);
  return 18 * hidden + 11 * inner + attention + (lora.loraDropout > 0 ? 3 * dropped : 0);
}
