import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import type { ExportFormat, ExportManifest } from './types.ts';

/** Longer than any export takes: a request that is older was lost with its job. */
const requestLifeMs = 3_600_000;

type Place = { adapterId: string; format: ExportFormat };

/** Null until the job has ended. */
export async function findExportManifest(store: ObjectStore, place: Place): Promise<ExportManifest | null> {
  return (await findJson(store, manifestKey(place))) as ExportManifest | null;
}

/** Written last, when every file is stored. */
export async function putExportManifest(store: ObjectStore, place: Place, manifest: ExportManifest): Promise<void> {
  await store.put(manifestKey(place), Buffer.from(JSON.stringify(manifest)));
}

/** Leaves a note that the job was asked for, so that a page can say so. */
export async function noteRequest(store: ObjectStore, place: Place, now: Date): Promise<void> {
  await store.put(requestKey(place), Buffer.from(JSON.stringify({ atMs: now.getTime() })));
}

/** Whether the job was asked for lately. */
export async function isRequested(store: ObjectStore, place: Place, now: Date): Promise<boolean> {
  const note = (await findJson(store, requestKey(place))) as { atMs: number } | null;
  return note !== null && now.getTime() - note.atMs < requestLifeMs;
}

/** An adapter never changes, so neither does what is made of it. */
const prefixOf = ({ adapterId, format }: Place): string => `exports/${adapterId}/${format}`;
const manifestKey = (place: Place): string => `${prefixOf(place)}/manifest.json`;
const requestKey = (place: Place): string => `${prefixOf(place)}/request.json`;

async function findJson(store: ObjectStore, key: string): Promise<unknown> {
  if (!(await store.exists(key))) return null;
  return JSON.parse(new TextDecoder().decode(await store.get(key)));
}
