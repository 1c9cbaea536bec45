import { checkModelDir } from '../io/model-dir.ts';
import { readAdapter } from '../io/peft.ts';
import { hashBaseModel } from '../train/base-model.ts';
import type { LoadAdapter } from './adapter-cache.ts';
import { prepareAdapter } from './adapter-slots.ts';
import { AdapterBaseError } from './errors.ts';

/**
 * A loader of adapters for the base model in `modelDir`.
 * The base is hashed when the first adapter asks for a certain one, which takes about a second a gigabyte.
 */
export async function createAdapterLoader(modelDir: string): Promise<LoadAdapter> {
  const { config, shards } = await checkModelDir(modelDir);
  let hash: Promise<string> | null = null;
  return async ({ id, dir, baseSha256 }) => {
    if (baseSha256 !== undefined) {
      hash ??= hashBaseModel(modelDir, shards);
      const own = await hash;
      if (own !== baseSha256) {
        throw new AdapterBaseError(
          `The adapter ${id} was trained on the base ${baseSha256.slice(0, 12)}, not on this one, ${own.slice(0, 12)}.`,
        );
      }
    }
    const { layout, theta } = await readAdapter(dir, config);
    return prepareAdapter(layout, theta);
  };
}
