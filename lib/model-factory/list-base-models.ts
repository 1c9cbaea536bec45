import { readdir, readFile, stat } from 'node:fs/promises';
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
    };
  } catch {
    return null; // not a model folder
  }
}

/** Sum of the shapes in a safetensors header (8-byte little-endian length, then JSON). */
async function countParameters(path: string): Promise<number> {
  const bytes = await readFile(path);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8'));
  return Object.entries<{ shape: number[] }>(header)
    .filter(([key]) => key !== '__metadata__')
    .reduce((sum, [, tensor]) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0);
}
