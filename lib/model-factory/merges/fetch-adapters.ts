import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deps } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { ObjectNotFoundError } from '#lib/platform/storage/object-store.ts';
import type { MergeParentView } from '../types.ts';

const weights = 'adapter_model.safetensors';

/**
 * The adapters of a merge as folders that the engine reads. Their weights are the bytes that were published.
 *
 * @throws ObjectNotFoundError where the store has other bytes, or none
 */
export async function fetchAdapters(
  { store }: Pick<Deps, 'store'>,
  parents: readonly MergeParentView[],
  folder: string,
): Promise<{ dir: string; sha256: string; weightPpm: number }[]> {
  return Promise.all(
    parents.map(async ({ objectPrefix, adapterSha256, weightPpm }, i) => {
      const dir = join(folder, `merged-${i}`);
      await mkdir(dir, { recursive: true });
      const bytes = await store.get(`${objectPrefix}/${weights}`);
      if (sha256(bytes) !== adapterSha256) throw new ObjectNotFoundError(`${objectPrefix}/${weights}`);
      await writeFile(join(dir, weights), bytes);
      await writeFile(join(dir, 'adapter_config.json'), await store.get(`${objectPrefix}/adapter_config.json`));
      return { dir, sha256: adapterSha256.slice(2), weightPpm };
    }),
  );
}
