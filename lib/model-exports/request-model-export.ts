import type { Actor, Deps } from '#lib/platform/deps.ts';
import { noteRequest } from './export-manifest.ts';
import { getExportManifest } from './get-export-manifest.ts';
import { getOwnModel } from './get-own-model.ts';
import type { ExportFormat } from './types.ts';

/**
 * Has an export made, unless it is there already. Asking twice makes one job; asking after a failure tries again.
 *
 * @throws the errors of `getOwnModel`
 */
export async function requestModelExport(
  deps: Pick<Deps, 'db' | 'store' | 'queue' | 'now'>,
  actor: Actor,
  { model: slug, format }: { model: string; format: ExportFormat },
): Promise<{ state: 'ready' | 'preparing' }> {
  const model = await getOwnModel(deps, actor, slug);
  const manifest = await getExportManifest(deps.store, model, format);
  if (manifest && manifest.problem === null) return { state: 'ready' };
  const { adapterId } = model;
  if (!manifest) await noteRequest(deps.store, { adapterId, format }, deps.now());
  await deps.queue.send('export-model', { adapterId, format }, { key: `${adapterId}:${format}` });
  return { state: 'preparing' };
}
