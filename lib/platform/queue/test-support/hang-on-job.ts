/** A worker process that takes one job, says so, and never ends it; start-queue.test.ts kills it with -9. */
import { startQueue } from '../start-queue.ts';

const boss = await startQueue({ databaseUrl: process.argv[2]!, supervise: true, onError: () => {} });
await boss.work('train-adapter', { pollingIntervalSeconds: 0.5 }, async () => {
  process.stdout.write('working\n');
  await new Promise(() => {});
});
