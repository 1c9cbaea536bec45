import { createHash } from 'node:crypto';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { findExportManifest } from './export-manifest.ts';
import type { OwnModel } from './get-own-model.ts';
import type { ExportFormat, ExportManifest } from './types.ts';

/** PEFT's files lie in the store since the training; they need no job. */
const adapterFiles = ['adapter_config.json', 'adapter_model.safetensors'];

/** The files of an export, or null while they are not made. */
export async function getExportManifest(
  store: ObjectStore,
  { adapterId, objectPrefix }: OwnModel,
  format: ExportFormat,
): Promise<ExportManifest | null> {
  if (format !== 'adapter') return findExportManifest(store, { adapterId, format });
  const files = await Promise.all(
    adapterFiles.map(async (name) => {
      const key = `${objectPrefix}/${name}`;
      const bytes = await store.get(key);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { name, key, sizeBytes: bytes.length, sha256 };
    }),
  );
  return { files, problem: null };
}
