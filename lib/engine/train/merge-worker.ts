import { serveWorkerJob } from '../runtime/serve-worker-job.ts';
import { runMerge } from './merge-run.ts';

await serveWorkerJob(runMerge);
