import { once } from 'node:events';
import { createServer } from 'node:http';
import { adapters } from '#db/schema/models.ts';
import type { WorkerDeps } from '../deps.ts';
import { beat } from '../heartbeat.ts';
import { handleRequest } from './handle-request.ts';
import { ModelPool } from './model-pool.ts';

const maxSlots = 8;
const adapterCacheBytes = 2 ** 28;

/** OpenLoRA: answers on 127.0.0.1:SERVE_PORT until `signal` aborts, then lets running answers end for a moment. */
export async function runServe(deps: WorkerDeps, signal: AbortSignal): Promise<void> {
  const { env, log } = deps;
  // Half of the cores at most: threads that spin beside a training run make both slower than one thread would be.
  const threads = Math.max(1, env.ENGINE_THREADS >> 1);
  const pool = new ModelPool({ modelsDir: env.MODELS_DIR, threads, maxSlots, adapterCacheBytes });
  let running = 0;
  const server = createServer((request, response) => {
    running += 1;
    response.once('close', () => (running -= 1));
    void handleRequest({ ...deps, pool }, request, response);
  });
  server.listen(env.SERVE_PORT, '127.0.0.1');
  await once(server, 'listening');
  log.info({ port: env.SERVE_PORT }, 'serving');
  void warmUp(deps, pool);
  const facts = async () => {
    const models = await pool.list();
    const count = models.reduce((sum, { model }) => sum + model.engine.adapters().length, 0);
    return { running, models: models.length, adapters: count };
  };
  await beat(deps, 'serve', facts, signal);
  server.close();
  await Promise.race([once(server, 'close'), new Promise((resolve) => setTimeout(resolve, 3_000))]);
  server.closeAllConnections();
  await pool.close();
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
