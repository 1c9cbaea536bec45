import { serveWorkerJob } from '../runtime/serve-worker-job.ts';
import { findCopies } from './clusters/find-copies.ts';
import { buildSpanIndex } from './spans/build-span-index.ts';
import type { TextJob, TextJobResult } from './text-jobs.ts';

/** Thread entry of text-jobs.ts: one job a thread. */
async function* runTextJob(job: TextJob): AsyncGenerator<TextJobResult> {
  yield job.kind === 'copies' ? findCopies(job.rows, job.rule) : await buildSpanIndex(job.input);
}

await serveWorkerJob(runTextJob);
