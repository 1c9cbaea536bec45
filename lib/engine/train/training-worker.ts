import { serveWorkerJob } from '../runtime/serve-worker-job.ts';
import { runAdapterTraining } from './adapter-run.ts';

await serveWorkerJob(runAdapterTraining);
