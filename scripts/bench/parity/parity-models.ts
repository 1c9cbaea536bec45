import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '#lib/engine/io/safetensors.ts';
import { type AdapterLayout, adapterLayout, initializeAdapter } from '#lib/engine/lora/layout.ts';
import { type LlamaConfig, parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { linearModules, weightSpecs } from '#lib/engine/nn/weights.ts';
import { createNormal } from '#lib/engine/train/random.ts';

const small = {
  hidden_size: 64,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 160,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  max_position_embeddings: 256,
};

/** A Llama that is only there to carry a tokenizer. */
export const smallModel: object = {
  ...small,
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  tie_word_embeddings: true,
};

/** Architectures beyond the shipped base, small and random: what they compute is what counts. */
export const randomModels: Readonly<Record<string, object>> = {
  'qwen2 (random)': {
    ...small,
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    tie_word_embeddings: true,
    rope_theta: 1_000_000,
  },
  'llama, untied head, wide heads, biases (random)': {
    ...small,
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    tie_word_embeddings: false,
    head_dim: 24,
    attention_bias: true,
    mlp_bias: true,
  },
  'llama 3 rope (random)': {
    ...small,
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    tie_word_embeddings: true,
    rope_theta: 500_000,
    rope_scaling: {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 64,
    },
  },
};

/** Writes a model folder with seeded random weights and the tokenizer of `tokenizerDir`. */
export async function writeRandomModel(
  modelDir: string,
  fields: object,
  tokenizerDir: string,
  vocabulary: number,
): Promise<void> {
  await mkdir(modelDir, { recursive: true });
  const json = { ...fields, vocab_size: vocabulary, bos_token_id: 0, eos_token_id: 0 };
  const config = parseLlamaConfig(json);
  const normal = createNormal(JSON.stringify(fields));
  const tensors = new Map(
    weightSpecs(config).map(({ name, shape }) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      const isNorm = name.endsWith('norm.weight');
      // Matrices large enough that logits differ by far more than rounding, biases large enough to matter.
      const spread = name.endsWith('.bias') ? 0.5 : 1 / Math.sqrt(config.hidden_size);
      const data = Float32Array.from({ length: size }, () => (isNorm ? 1 + 0.1 * normal() : spread * normal()));
      return [name, { shape, data }] as const;
    }),
  );
  await writeSafetensors(join(modelDir, 'model.safetensors'), tensors, { dtype: 'F32' });
  await writeFile(join(modelDir, 'config.json'), JSON.stringify(json));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(join(tokenizerDir, name), join(modelDir, name));
}

/** An adapter on all linear layers with a B as large as training makes it: it changes what the model says. */
export function randomAdapter(config: LlamaConfig, seed: string): { layout: AdapterLayout; theta: Float32Array } {
  const layout = adapterLayout(config, { r: 8, loraAlpha: 16, loraDropout: 0, targetModules: linearModules });
  const theta = initializeAdapter(layout, seed);
  const normal = createNormal(`${seed}|B`);
  for (const { part, offset, length } of layout.entries) {
    if (part === 'B') for (let i = 0; i < length; i++) theta[offset + i] = 0.05 * normal();
  }
  return { layout, theta };
}
