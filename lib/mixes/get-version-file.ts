import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import type { MixHeader } from '#lib/kernel/mix.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { listMixParts } from './list-mix-parts.ts';

/**
 * A version's rows file, from which anybody recomputes its root: JSON Lines as they were frozen. Of a mix: a first line with its parts, then
 * the files of the parts, one after the other, as they are today, so that a text that was destroyed there is destroyed here.
 *
 * @returns `tag` changes when a byte does; `read` has all in memory and throws ObjectNotFoundError
 */
export async function getVersionFile(
  deps: Pick<Deps, 'db' | 'store'>,
  version: { id: string; objectKey: string },
): Promise<{ tag: string; read: () => Promise<Uint8Array> }> {
  const parts = await listMixParts(deps.db, version.id);
  if (parts.length === 0)
    return { tag: version.objectKey.split('/').at(-1)!, read: () => deps.store.get(version.objectKey) };
  const keys = [version.objectKey, ...parts.map(({ objectKey }) => objectKey)];
  return {
    tag: sha256(keys.join('\n')).slice(2),
    read: async () => Buffer.concat(await Promise.all(keys.map((key) => deps.store.get(key)))),
  };
}

/** The first line of a mix's file, and the whole of its own object. */
export function encodeMixHeader(header: MixHeader): Uint8Array {
  return new TextEncoder().encode(`${canonicalJson(header)}\n`);
}
