import { createNormal } from '../../train/random.ts';
import { type LlamaConfig, parseLlamaConfig } from '../config.ts';
import { parameterCount } from '../weights.ts';

/** A Llama with grouped-query attention and tied embeddings that is small enough for exact checks. */
export const tinyConfig: LlamaConfig = parseLlamaConfig({
  model_type: 'llama',
  hidden_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 24,
  vocab_size: 29,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  max_position_embeddings: 16,
});

/** Weights of ordinary size everywhere, norm weights included, so that no gradient vanishes. */
export function tinyTheta(config: LlamaConfig, seed: string): Float32Array {
  const normal = createNormal(seed);
  return Float32Array.from({ length: parameterCount(config) }, () => normal() * 0.3);
}

/** A batch of pseudo-random tokens; some positions carry no loss, as in chat training. */
export function tinyBatch(config: LlamaConfig, batch: number, time: number, seed: string) {
  const normal = createNormal(seed);
  const size = batch * time;
  const token = (): number => Math.floor(Math.abs(normal()) * 1000) % config.vocab_size;
  return {
    ids: Int32Array.from({ length: size }, token),
    labels: Int32Array.from({ length: size }, token),
    lossWeights: Float32Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 0 : 1 / size)),
  };
}
