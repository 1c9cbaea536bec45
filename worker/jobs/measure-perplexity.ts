import { join, resolve } from 'node:path';
import { measureTexts } from '#lib/engine/train/measure-texts.ts';
import { measurePerplexity, type PerplexityEngine } from '#lib/guard/measure-perplexity.ts';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';

/** Tokens of a row that are read: its beginning tells noise and boilerplate, whatever its length. */
const maxTokens = 256;

/** Reads a Datanet's new rows under the smallest base model on this server; without one nothing is read, and the page says so. */
export async function measurePerplexityJob(deps: WorkerDeps, { datanetId }: Jobs['measure-perplexity']): Promise<void> {
  const engine = await findEngine(deps);
  if (!engine) return;
  const { read, marked } = await measurePerplexity(deps, engine, datanetId);
  if (marked > 0) deps.log.info({ datanetId, read, marked }, 'rows are unusual to the base model');
}

async function findEngine(deps: Pick<WorkerDeps, 'env'>): Promise<PerplexityEngine | null> {
  const { offered } = await listBaseModels(deps);
  const [base] = offered.toSorted((a, b) => a.parameters - b.parameters || (a.name < b.name ? -1 : 1));
  if (!base) return null;
  const modelDir = join(resolve(deps.env.MODELS_DIR), base.name);
  const threads = deps.env.ENGINE_THREADS;
  return { baseModel: base.name, measure: (rows) => measureTexts({ modelDir, rows, maxTokens, threads }) };
}
