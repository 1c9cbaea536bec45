import '../scripts/up/parent-watch.ts';
import { loadEnv } from '#lib/platform/env.ts';
import { createLogger } from '#lib/platform/log.ts';
import { buildDeps, type WorkerDeps } from './deps.ts';
import type { ProcessName } from './heartbeat.ts';

/** Loaded when its process runs: the indexer needs no ONNX runtime. */
const processes: Record<ProcessName, () => Promise<(deps: WorkerDeps, signal: AbortSignal) => Promise<void>>> = {
  jobs: async () => (await import('./jobs/run-jobs.ts')).runJobs,
  serve: async () => (await import('./serve/run-serve.ts')).runServe,
  index: async () => (await import('./index/run-index.ts')).runIndex,
};

/** `node worker/main.ts <jobs|serve|index>`: one long-running process until SIGTERM or SIGINT. */
async function main(name: string | undefined): Promise<void> {
  if (name === undefined || !Object.hasOwn(processes, name)) {
    console.error(`usage: node worker/main.ts <${Object.keys(processes).join('|')}>`);
    process.exit(2);
  }
  const processName = name as ProcessName;
  const env = loadEnv(process.env);
  const log = createLogger(processName, env);
  const shutdown = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping');
      shutdown.abort();
    });
  }
  const deps = await buildDeps(env, log, { supervise: processName === 'jobs' });
  const run = await processes[processName]();
  log.info({ pid: process.pid }, 'started');
  try {
    await run(deps, shutdown.signal);
  } finally {
    await deps.close();
  }
  log.info('stopped');
}

try {
  await main(process.argv[2]);
  process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
