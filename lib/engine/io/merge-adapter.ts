import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFile } from '../train/checkpoint.ts';
import { mergedTensors } from './merged-tensors.ts';
import { openModelTensors } from './model-tensors.ts';
import { readAdapter } from './peft.ts';
import { type PlannedTensor, streamSafetensors } from './safetensors.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** Files of a model folder that a merged model shares with its base. */
const copiedFiles = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'chat_template.jinja',
];

/**
 * Writes base and adapter as one model folder that needs no PEFT: W + scale * B A, computed in float32 and stored in the
 * dtype that the base stores, so an F16 or BF16 base rounds once. Holds one tensor in memory at a time.
 *
 * @throws the errors of `openModelTensors` and `readAdapter`
 */
export async function mergeAdapter(modelDir: string, adapterDir: string, outDir: string): Promise<void> {
  const base = await openModelTensors(modelDir);
  try {
    const merged = mergedTensors(base, await readAdapter(adapterDir, base.config));
    await mkdir(outDir, { recursive: true });
    const plan = merged.specs.map(({ name, shape }): [string, PlannedTensor] => [
      name,
      { shape, dtype: merged.dtypeOf(name), load: async () => (await merged.read(name)).data },
    ]);
    await streamSafetensors(join(outDir, 'model.safetensors'), new Map(plan));
  } finally {
    await base.close();
  }
  for (const name of copiedFiles) await copyIfThere(join(modelDir, name), join(outDir, name));
  await writeFileAtomically(join(outDir, 'README.md'), [Buffer.from(await card(modelDir, adapterDir))]);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function card(modelDir: string, adapterDir: string): Promise<string> {
  const base = basename(modelDir);
  const baseCard = await readFile(join(modelDir, 'README.md'), 'utf8').catch(() => '');
  const license = /^license:\s*(.+)$/m.exec(baseCard)?.[1]?.trim();
  const adapterSha256 = await sha256OfFile(join(adapterDir, 'adapter_model.safetensors'));
  return `---
base_model: ${base}
base_model_relation: merge
library_name: transformers
pipeline_tag: text-generation
${license ? `license: ${license}\n` : ''}---

# ${base} with a LoRA adapter merged in

The weights of ${base} with the adapter whose \`adapter_model.safetensors\` has the SHA-256 \`${adapterSha256}\` added to
them: W + scale · B A, computed in float32, stored in the dtype of the base.
${license ? `\nThe base model's licence (${license}) applies to this model too.\n` : ''}`;
}
