import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LlamaConfig, parseLlamaConfig } from '../../nn/config.ts';
import { weightSpecs } from '../../nn/weights.ts';
import { specialTokens } from '../../tokenizer/chat-format.ts';
import { tokenizerConfigJson, tokenizerJson } from '../../tokenizer/tokenizer-json.ts';
import { PreTokenCounter, trainBpe } from '../../tokenizer/train-bpe.ts';
import { createNormal } from '../../train/random.ts';
import { type TensorLike, writeSafetensors } from '../safetensors.ts';

const configJson = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 64,
  vocab_size: 320,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  max_position_embeddings: 96,
  bos_token_id: 0,
  eos_token_id: 0,
};

/** A grouped-query Llama small enough for tests: 2 layers, d 32, 320 tokens, context 96. */
export const tinyConfig: LlamaConfig = parseLlamaConfig(configJson);

const vocabularyText =
  'the cat sat on the mat and the dog ran to the red house. what colour is the river of the north? it is blue, said the old man.';

/**
 * Writes a complete model folder with random weights, a pure function of the seed; returns the folder.
 *
 * @param fields of config.json that shall be otherwise, for models of another shape or architecture
 */
export async function createTinyModel(modelDir: string, seed = 'tiny', fields: object = {}): Promise<string> {
  await mkdir(modelDir, { recursive: true });
  const config = parseLlamaConfig({ ...configJson, ...fields });
  const normal = createNormal(seed);
  const tensors = new Map<string, TensorLike>();
  for (const { name, shape } of weightSpecs(config)) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    // Matrices large enough that logits differ by far more than rounding, so that greedy choices are clear.
    const draw = shape.length === 1 ? () => 1 + 0.1 * normal() : () => 0.15 * normal();
    tensors.set(name, { shape, data: Float32Array.from({ length: size }, draw) });
  }
  await writeSafetensors(join(modelDir, 'model.safetensors'), tensors, { dtype: 'F32' });
  const counter = new PreTokenCounter();
  counter.add(vocabularyText);
  const vocabulary = trainBpe(counter.counts, {
    vocabularySize: config.vocab_size,
    specialTokens: Object.values(specialTokens),
  });
  await writeFile(join(modelDir, 'tokenizer.json'), JSON.stringify(tokenizerJson(vocabulary)));
  const tokenizerConfig = tokenizerConfigJson(config.max_position_embeddings);
  await writeFile(join(modelDir, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig));
  await writeFile(join(modelDir, 'config.json'), JSON.stringify({ ...configJson, ...fields }));
  return modelDir;
}
