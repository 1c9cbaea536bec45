import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseLlamaConfig } from '../../nn/config.ts';
import { weightSpecs } from '../../nn/weights.ts';
import { chatMl, llama3, mistral } from '../../tokenizer/test-support/chat-templates.ts';
import { byteLevelJson, sentencePieceJson } from '../../tokenizer/test-support/tokenizer-files.ts';
import { createNormal } from '../../train/random.ts';
import { type TensorLike, writeSafetensors } from '../safetensors.ts';

type ForeignModel = { config: Record<string, unknown>; tokenizer: object; tokenizerConfig: object };

const shape = {
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 48,
  rms_norm_eps: 1e-6,
  hidden_act: 'silu',
  max_position_embeddings: 96,
};
const llama3Tokens = ['<|begin_of_text|>', '<|eot_id|>', '<|start_header_id|>', '<|end_header_id|>'];

/** One model of each family, with the peculiarities that its published checkpoints have. */
export const foreignModels = {
  // More embeddings than tokens, biases, tied, another end token than the chat's.
  qwen2: {
    config: {
      ...shape,
      architectures: ['Qwen2ForCausalLM'],
      model_type: 'qwen2',
      vocab_size: 336,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
      use_sliding_window: false,
      sliding_window: 32,
      eos_token_id: 315,
    },
    tokenizer: byteLevelJson(['<|endoftext|>', '<|im_start|>', '<|im_end|>']),
    tokenizerConfig: { bos_token: null, eos_token: '<|im_end|>', chat_template: chatMl },
  },
  // Heads wider than hidden / heads, untied, a window that bounds the context.
  mistral: {
    config: {
      ...shape,
      architectures: ['MistralForCausalLM'],
      model_type: 'mistral',
      head_dim: 10,
      vocab_size: 512,
      rope_theta: 10_000,
      tie_word_embeddings: false,
      sliding_window: 80,
      bos_token_id: 1,
      eos_token_id: 2,
    },
    tokenizer: sentencePieceJson({ legacy: true }),
    tokenizerConfig: { bos_token: '<s>', eos_token: '</s>', chat_template: mistral },
  },
  // Smoothed rotary frequencies, several end tokens, heads that share one key and value.
  llama3: {
    config: {
      ...shape,
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      num_key_value_heads: 1,
      vocab_size: 352,
      rope_parameters: {
        rope_type: 'llama3',
        rope_theta: 500,
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
      tie_word_embeddings: true,
      eos_token_id: [315, 316],
    },
    tokenizer: byteLevelJson(llama3Tokens),
    tokenizerConfig: { bos_token: llama3Tokens[0], eos_token: llama3Tokens[1], chat_template: llama3 },
  },
} satisfies Record<string, ForeignModel>;

/** Writes a checkpoint of random weights: two shards in BF16, with their index. */
export async function createForeignModel(modelDir: string, family: keyof typeof foreignModels): Promise<string> {
  const { config, tokenizer, tokenizerConfig } = foreignModels[family];
  await mkdir(modelDir, { recursive: true });
  const normal = createNormal(family);
  const tensors = weightSpecs(parseLlamaConfig(config)).map(({ name, shape: dims }): [string, TensorLike] => {
    const size = dims.reduce((product, dim) => product * dim, 1);
    const draw = name.endsWith('norm.weight') ? () => 1 + 0.1 * normal() : () => 0.2 * normal();
    return [name, { shape: dims, data: Float32Array.from({ length: size }, draw) }];
  });
  const map: Record<string, string> = {};
  for (const [i, part] of [tensors.slice(0, 5), tensors.slice(5)].entries()) {
    const shard = `model-0000${i + 1}-of-00002.safetensors`;
    await writeSafetensors(join(modelDir, shard), new Map(part), { dtype: 'BF16' });
    for (const [name] of part) map[name] = shard;
  }
  const files = {
    'model.safetensors.index.json': { metadata: { total_size: sizeBytes(tensors) }, weight_map: map },
    'config.json': { ...config, torch_dtype: 'bfloat16' },
    'generation_config.json': { do_sample: true, temperature: 0.6, top_p: 0.9, top_k: 20, repetition_penalty: 1.05 },
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': tokenizerConfig,
  };
  for (const [name, json] of Object.entries(files)) await writeFile(join(modelDir, name), JSON.stringify(json));
  return modelDir;
}

function sizeBytes(tensors: readonly [string, TensorLike][]): number {
  return 2 * tensors.reduce((sum, [, { data }]) => sum + data.length, 0);
}
