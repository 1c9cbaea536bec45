import { setPriority } from 'node:os';
import { serveWorkerJob } from '../../runtime/serve-worker-job.ts';
import { answerWithout } from './answer-without.ts';

// Somebody waits for it, but answers and their receipts come first. Linux gives each thread a priority of its own.
if (process.platform === 'linux') setPriority(10);
await serveWorkerJob(answerWithout);
