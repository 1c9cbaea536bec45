import type { Actor, Deps } from '#lib/platform/deps.ts';
import { isRequested } from './export-manifest.ts';
import { getExportManifest } from './get-export-manifest.ts';
import { getOwnModel } from './get-own-model.ts';
import { exportFormats, type ModelExport } from './types.ts';

/** Every format with its state and files. @throws the errors of `getOwnModel` */
export async function listModelExports(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  actor: Actor,
  input: { model: string },
): Promise<ModelExport[]> {
  const model = await getOwnModel(deps, actor, input.model);
  return Promise.all(
    exportFormats.map(async (format): Promise<ModelExport> => {
      const manifest = await getExportManifest(deps.store, model, format);
      if (manifest) {
        const files = manifest.files.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 }));
        return { format, state: manifest.problem === null ? 'ready' : 'failed', files, problem: manifest.problem };
      }
      const isWaiting = await isRequested(deps.store, { adapterId: model.adapterId, format }, deps.now());
      return { format, state: isWaiting ? 'preparing' : 'none', files: [], problem: null };
    }),
  );
}
