import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '../io/safetensors.ts';
import { architectures, type LlamaConfig } from '../nn/config.ts';
import { weightSpecs, weightViews } from '../nn/weights.ts';

/**
 * Writes a base in Hugging Face layout: `config.json`, `generation_config.json` and `model.safetensors` (F16).
 * The folder must hold the tokenizer's files already.
 */
export async function writeBaseModel(modelDir: string, config: LlamaConfig, theta: Float32Array): Promise<void> {
  const { bos_token_id, eos_token_id } = config;
  const architecture = {
    architectures: [architectures[config.model_type]],
    ...config,
    hidden_act: 'silu',
    initializer_range: 0.02,
    torch_dtype: 'float16',
    use_cache: true,
  };
  const generation = { bos_token_id, eos_token_id, do_sample: true, temperature: 0.7, top_p: 0.9 };
  const views = weightViews(config, theta);
  const tensors = new Map(weightSpecs(config).map(({ name, shape }) => [name, { shape, data: views[name]! }]));
  await writeSafetensors(join(modelDir, 'model.safetensors'), tensors, { dtype: 'F16' });
  await writeJson(join(modelDir, 'config.json'), architecture);
  await writeJson(join(modelDir, 'generation_config.json'), generation);
}

async function writeJson(path: string, content: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
}
