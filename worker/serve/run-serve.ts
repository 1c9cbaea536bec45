import { once } from 'node:events';
import { createServer } from 'node:http';
import { adapters } from '#db/schema/models.ts';
import type { WorkerDeps } from '../deps.ts';
import { servedFiles } from '../find-adapter.ts';
import { beat } from '../heartbeat.ts';
import { openAdapterCache } from '../open-adapter-cache.ts';
import { AdapterTimings } from './adapter-timings.ts';
import { handleRequest } from './handle-request.ts';
import { Lifecycle } from './lifecycle.ts';
import { ModelPool } from './model-pool.ts';
import { ServeCounters } from './serve-metrics.ts';

const maxSlots = 8;
const maxQueued = 64;
const adapterCacheBytes = 2 ** 28;

/**
 * OpenLoRA: answers on 127.0.0.1:SERVE_PORT until `signal` aborts. Then it refuses new requests, lets running answers end
 * for SERVE_DRAIN_SECONDS and breaks off the rest, whose price holds the web server gives back.
 */
export async function runServe(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { env, log } = deps;
  // Half of the cores at most: threads that spin beside a training run make both slower than one thread would be.
  const threads = Math.max(1, env.ENGINE_THREADS >> 1);
  const options = {
    modelsDir: env.MODELS_DIR,
    fleets: env.SERVE_FLEETS,
    threads,
    maxSlots,
    maxQueued,
    adapterCacheBytes,
  };
  const pool = new ModelPool(options);
  const lifecycle = new Lifecycle();
  const cache = openAdapterCache(deps, 'serve', (name) => servedFiles.includes(name));
  const serveDeps = { ...deps, pool, cache, lifecycle, counters: new ServeCounters(), timings: new AdapterTimings() };
  const server = createServer((request, response) => {
    response.once('close', lifecycle.begin());
    void handleRequest(serveDeps, request, response);
  });
  server.listen(env.SERVE_PORT, '127.0.0.1');
  await once(server, 'listening');
  log.info({ port: env.SERVE_PORT }, 'serving');
  void warmUp(deps, pool).then(() => {
    if (lifecycle.state === 'starting') lifecycle.state = 'taking';
  });
  const facts = async () => {
    const models = await pool.ask(({ backend }) => backend.adapters());
    const hot = models.flatMap(({ value }) => value).filter(({ tier }) => tier === 'hot').length;
    return { running: lifecycle.running, models: models.length, adapters: hot };
  };
  await beat(deps, 'serve', facts, signal);
  const left = await lifecycle.drain(env.SERVE_DRAIN_SECONDS * 1000);
  if (left > 0) log.warn({ left }, 'answers were broken off');
  await pool.close(); // each running answer ends with an error line
  server.close();
  setTimeout(() => server.closeAllConnections(), 200).unref();
  await once(server, 'close');
}

/** Opens the base models that adapters exist for, so that the first answer does not wait for it. */
async function warmUp(deps: WorkerDeps, pool: ModelPool): Promise<void> {
  try {
    const rows = await deps.db.selectDistinct({ baseModel: adapters.baseModel }).from(adapters);
    for (const { baseModel } of rows) await pool.get(baseModel);
  } catch (err) {
    deps.log.warn({ err }, 'a base model could not be opened ahead');
  }
}
