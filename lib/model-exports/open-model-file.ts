import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ModelFileNotFoundError } from './errors.ts';
import { getExportManifest } from './get-export-manifest.ts';
import { getOwnModel } from './get-own-model.ts';
import type { ExportFile, ExportFormat } from './types.ts';

export type OpenModelFile = ExportFile & { body: ReadableStream<Uint8Array> };

/** A file of an export as a stream. @throws the errors of `getOwnModel`; {ModelFileNotFoundError} */
export async function openModelFile(
  deps: Pick<Deps, 'db' | 'store'>,
  actor: Actor,
  input: { model: string; format: ExportFormat; file: string },
): Promise<OpenModelFile> {
  const model = await getOwnModel(deps, actor, input.model);
  const manifest = await getExportManifest(deps.store, model, input.format);
  const found = manifest?.files.find(({ name }) => name === input.file);
  if (!found) throw new ModelFileNotFoundError(input.format, input.file);
  const { body } = await deps.store.open(found.key);
  return { ...found, body };
}
