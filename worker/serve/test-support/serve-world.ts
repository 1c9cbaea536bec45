import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { adapters } from '#db/schema/models.ts';
import { createTinyAdapter } from '#lib/engine/io/test-support/tiny-adapter.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import { FakeFleetServer } from '#lib/engine/serving/openai-compatible/test-support/fake-fleet-server.ts';
import { stopIds } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { createLogger } from '#lib/platform/log.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import {
  insertChannel,
  insertLiveModel,
  payer,
  servingDeps,
  signVoucher,
} from '#lib/serving/test-support/serving-fixture.ts';
import { createTestDatabase } from '#scripts/test/postgres.ts';
import { AdapterDiskCache } from '../../adapter-disk-cache.ts';
import { servedFiles } from '../../find-adapter.ts';
import { AdapterTimings } from '../adapter-timings.ts';
import { handleRequest } from '../handle-request.ts';
import { Lifecycle } from '../lifecycle.ts';
import { ModelPool } from '../model-pool.ts';
import { ServeCounters } from '../serve-metrics.ts';

export const internalToken = 'token-of-the-internal-service-0123456789';
export type ServeWorld = Awaited<ReturnType<typeof openServeWorld>>;

/**
 * The serve process's request handler over HTTP, on a database and object store of its own: base `nano` on this machine
 * with one slot and nobody waiting, base `big` on a GPU server that takes one answer at a time, adapter `ad_1`, model
 * `one-model`.
 */
export async function openServeWorld() {
  const dir = mkdtempSync(join(tmpdir(), 'openledger-serve-'));
  const database = await createTestDatabase();
  const store = fileObjectStore(join(dir, 'objects'));
  const adapterHash = await storeModels(dir, store);
  const tokenizer = await Tokenizer.load(join(dir, 'models', 'big'));
  const folders = ['/objects/adapters/ad_1'];
  const say = () => 'the old man said it is blue';
  const gpu = await new FakeFleetServer({
    kind: 'vllm',
    tokenizer,
    folders,
    say,
    endId: stopIds(tokenizer)[0]!,
  }).start();
  const fleets = { big: { kind: 'vllm' as const, urls: [gpu.url], storePath: '/objects/', maxInFlight: 1 } };
  const limits = { threads: 1, maxSlots: 1, maxQueued: 0, adapterCacheBytes: 2 ** 20 };
  const pool = new ModelPool({ modelsDir: join(dir, 'models'), fleets, ...limits });
  const lifecycle = new Lifecycle();
  const log = createLogger('serve', { LOG_LEVEL: 'silent', NODE_ENV: 'test' });
  const env = { INTERNAL_TOKEN: internalToken, SESSION_SECRET: internalToken, FREE_ANSWERS_PER_DAY: 3 };
  const wants = (name: string) => servedFiles.includes(name);
  const cache = new AdapterDiskCache({ root: join(dir, 'cache'), store, bytesMax: 2 ** 30, wants });
  const serveDeps = { db: database.db, store, env: env as Deps['env'], log, pool, cache, lifecycle };
  const counters = new ServeCounters();
  const timings = new AdapterTimings();
  const server = createServer((request, response) => {
    response.once('close', lifecycle.begin());
    void handleRequest({ ...serveDeps, counters, timings }, request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const SERVE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deps = { ...servingDeps(database.db), env: { ...env, SERVE_URL }, log, store } as unknown as Deps;
  return {
    ...{ dir, database, deps, pool, lifecycle, gpu },
    /**
     * Until the server has had nothing to do for a moment: its models take one request at a time, and one that the gateway refused is still on its
     * way there, or leaves, when the refusal is read.
     */
    async idle() {
      const isBusy = async () => lifecycle.running > 0 || (await pool.list()).some(({ model }) => model.running > 0);
      for (let quiet = 0; quiet < 2; quiet = (await isBusy()) ? 0 : quiet + 1) await sleep(10);
    },
    /** Everything in the database as after the start. */
    async reset() {
      lifecycle.state = 'taking';
      await database.db.execute(
        sql`truncate datanets, chain_events, channels, ledger_transactions, rate_limits, api_keys cascade`,
      );
      await insertLiveModel(database.db);
      await database.db.update(adapters).set({ sha256: adapterHash, manifest: { recipe: { lora: { r: 4 } } } });
    },
    /** A channel of `payer` with a million wei and a voucher over all of it. */
    async deposit() {
      await insertChannel(database.db, 1_000_000n);
      await registerVoucher(deps, { kind: 'account', address: payer }, await signVoucher(1_000_000n));
    },
    async close() {
      await pool.close();
      await gpu.stop();
      server.closeAllConnections();
      server.close();
      await database.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Writes both bases (`big` without weights) and the adapter; returns the adapter's hash. */
async function storeModels(dir: string, store: ReturnType<typeof fileObjectStore>): Promise<string> {
  await createTinyModel(join(dir, 'models', 'nano'));
  await createTinyModel(join(dir, 'models', 'big'));
  rmSync(join(dir, 'models', 'big', 'model.safetensors'));
  await createTinyAdapter(join(dir, 'adapter'), 'a');
  for (const name of servedFiles) await store.put(`adapters/ad_1/${name}`, await readFile(join(dir, 'adapter', name)));
  return sha256(await readFile(join(dir, 'adapter', 'adapter_model.safetensors')));
}
