import { setPriority } from 'node:os';
import { serveWorkerJob } from '../../runtime/serve-worker-job.ts';
import { measureAttribution } from './measure-attribution.ts';

// Linux gives each thread a priority of its own: trainings and answers of the same process come first.
if (process.platform === 'linux') setPriority(19);
await serveWorkerJob(measureAttribution);
