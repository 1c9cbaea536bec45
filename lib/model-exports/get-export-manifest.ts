import { sha256 } from '#lib/platform/storage/content-address.ts';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { findExportManifest } from './export-manifest.ts';
import type { OwnModel } from './get-own-model.ts';
import type { ExportFormat, ExportManifest } from './types.ts';

/** The files of an export, or null while they are not made. PEFT's lie in the store since the training. */
export async function getExportManifest(
  store: ObjectStore,
  model: OwnModel,
  format: ExportFormat,
): Promise<ExportManifest | null> {
  if (format !== 'adapter') return findExportManifest(store, { adapterId: model.adapterId, format });
  try {
    return await listAdapterFiles(store, model);
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code !== 'object_not_found') throw error;
    return { files: [], problem: message };
  }
}

async function listAdapterFiles(store: ObjectStore, model: OwnModel): Promise<ExportManifest> {
  const keyOf = (name: string): string => `${model.objectPrefix}/${name}`;
  const [config, weights] = ['adapter_config.json', 'adapter_model.safetensors'] as const;
  const bytes = await store.get(keyOf(config));
  const { sizeBytes, body } = await store.open(keyOf(weights));
  await body.cancel(); // the size is enough, the hash is on record
  return {
    files: [
      { name: config, key: keyOf(config), sizeBytes: bytes.length, sha256: sha256(bytes).slice(2) },
      { name: weights, key: keyOf(weights), sizeBytes, sha256: model.adapterSha256.slice(2) },
    ],
    problem: null,
  };
}
