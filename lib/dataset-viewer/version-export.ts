import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import type { VersionExport } from './types.ts';

/** Null until the job `export-version` has ended. */
export async function findVersionExport(store: ObjectStore, versionId: string): Promise<VersionExport | null> {
  const key = keyOf(versionId);
  if (!(await store.exists(key))) return null;
  return JSON.parse(new TextDecoder().decode(await store.get(key))) as VersionExport;
}

/** Written last, when every file is stored. */
export async function putVersionExport(store: ObjectStore, made: VersionExport): Promise<void> {
  await store.put(keyOf(made.versionId), Buffer.from(JSON.stringify(made)));
}

/** Removes a version's files, the list of them last; they are made again when somebody asks. */
export async function dropVersionExport(store: ObjectStore, versionId: string): Promise<void> {
  const made = await findVersionExport(store, versionId);
  for (const { key } of made?.shards ?? []) await store.remove(key);
  await store.remove(keyOf(versionId));
}

const keyOf = (versionId: string): string => `versions/${versionId}/export.json`;
