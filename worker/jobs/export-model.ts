import { dirname, join, resolve } from 'node:path';
import { exportOllama } from '#lib/engine/io/export-ollama.ts';
import { mergeAdapter } from '#lib/engine/io/merge-adapter.ts';
import { type ExportEngine, exportModel } from '#lib/model-exports/export-model.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Makes the files of one export of a model. */
export async function exportModelJob(deps: WorkerDeps, payload: Jobs['export-model']): Promise<void> {
  const workRoot = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'exports');
  const outcome = await exportModel(deps, exportEngine, { ...payload, workRoot });
  deps.log.info({ ...payload, outcome }, 'export ended');
}

const exportEngine: ExportEngine = {
  merged: ({ modelDir, adapterDir, outDir }) => mergeAdapter(modelDir, adapterDir, outDir),
  gguf: ({ modelDir, adapterDir, outDir }) => exportOllama(modelDir, adapterDir, outDir),
};
