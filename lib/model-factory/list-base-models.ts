import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '#lib/platform/deps.ts';
import type { BaseModelInfo } from './types.ts';

/**
 * Base models on this server: each folder of MODELS_DIR in Hugging Face layout. Folders without config.json or weights are
 * left out. Parameters are read off the safetensors header, so no weights are loaded.
 */
export async function listBaseModels(deps: Pick<Deps, 'env'>): Promise<BaseModelInfo[]> {
  const root = deps.env.MODELS_DIR;
  const folders = await readdir(/*turbopackIgnore: true*/ root, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(
    folders.filter((entry) => entry.isDirectory()).map((entry) => readBaseModel(root, entry.name)),
  );
  return found.filter((model) => model !== null);
}

async function readBaseModel(root: string, name: string): Promise<BaseModelInfo | null> {
  const folder = join(/*turbopackIgnore: true*/ root, name);
  try {
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    await stat(join(folder, 'tokenizer.json'));
    const card = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
    return {
      name,
      parameters: await countParameters(join(folder, 'model.safetensors')),
      contextTokens: config.max_position_embeddings,
      license: /^license:\s*(.+)$/m.exec(card)?.[1]?.trim() ?? 'not stated',
      architecture: config.architectures?.[0] ?? 'unknown',
      shape: {
        layers: config.num_hidden_layers,
        hidden: config.hidden_size,
        intermediate: config.intermediate_size,
        heads: config.num_attention_heads,
        keyValueHeads: config.num_key_value_heads ?? config.num_attention_heads,
        headDim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
      },
    };
  } catch {
    return null; // not a model folder
  }
}

/** Sum of the shapes in a safetensors header (8-byte little-endian length, then JSON). */
async function countParameters(path: string): Promise<number> {
  const file = await open(path);
  try {
    const size = Buffer.alloc(8);
    await file.read(size, 0, 8, 0);
    const text = Buffer.alloc(Number(size.readBigUInt64LE(0)));
    await file.read(text, 0, text.length, 8);
    return countElements(JSON.parse(text.toString('utf8')));
  } finally {
    await file.close();
  }
}

function countElements(header: Record<string, { shape: number[] }>): number {
  return Object.entries(header)
    .filter(([key]) => key !== '__metadata__')
    .reduce((sum, [, tensor]) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0);
}
