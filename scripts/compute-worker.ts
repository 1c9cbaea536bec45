/**
 * `OPENLEDGER_API_KEY=olk_… npm run compute-worker -- <datanet> [--server <url>] [--models <folder>] [--threads n] [--once]`: the worker of a
 * compute-only Datanet's owner. Claims approved trainings, trains them here, and sends back the adapter and numbers. Rows are held in memory
 * alone; the adapter's folder is removed. Runs until it is stopped; with --once until nothing waits.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ClaimedJob } from '#lib/compute/types.ts';
import type { VersionRow } from '#lib/model-factory/read-version-rows.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { findSetting } from './audit/read-settings.ts';
import { trainClaimed } from './compute/train-claimed.ts';

const pollMs = 5_000;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string' },
    models: { type: 'string', default: process.env.MODELS_DIR ?? 'models' },
    threads: { type: 'string', default: '1' },
    once: { type: 'boolean', default: false },
  },
});
const [datanet] = positionals;
const server = values.server ?? findSetting('APP_URL');
const key = process.env.OPENLEDGER_API_KEY;
if (!datanet || !server || !key) {
  console.error('Usage: OPENLEDGER_API_KEY=olk_… npm run compute-worker -- <datanet> [--server <url>] [--once]');
  process.exit(2);
}
const engine = trainingEngine({ ENGINE_THREADS: Number(values.threads) });

async function post(path: string, body: object): Promise<Response> {
  const response = await fetch(new URL(`/api/v1/compute/${path}`, server!), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return response;
}

/** Trains one claimed job. Asking for the rows again keeps the lease while the training runs. */
async function trainJob(job: ClaimedJob): Promise<void> {
  const { id, lease } = job;
  const stopped = new AbortController();
  const getRows = () => post(`jobs/${id}/rows`, { lease });
  const keep = setInterval(
    () => {
      getRows()
        .then((response) => response.body?.cancel())
        .catch(() => stopped.abort());
    },
    (job.leaseSeconds * 1000) / 3,
  );
  const folder = await mkdtemp(join(tmpdir(), 'openledger-compute-'));
  try {
    const lines = (await (await getRows()).text()).split('\n').filter((line) => line !== '');
    const rows = lines.map((line) => JSON.parse(line) as VersionRow).filter((row) => !row.erased);
    const place = { modelsDir: values.models, outDir: join(folder, 'adapter'), signal: stopped.signal };
    const done = await trainClaimed(engine, job, rows, place);
    const adapter = await readFile(join(done.adapterDir, 'adapter_model.safetensors'), 'base64');
    const { steps, evalLoss, baseEvalLoss, heldOut } = done;
    await post(`jobs/${id}/result`, { lease, adapter, steps, evalLoss, baseEvalLoss, heldOut });
    console.log(`${id}: done, ${steps} steps`);
  } catch (error) {
    const { code } = error as { code?: unknown };
    const known = typeof code === 'string' && /^[a-z_]{3,40}$/.test(code) ? code : 'training_failed';
    console.error(`${id}: ${(error as Error).message}`);
    await post(`jobs/${id}/failure`, { lease, code: known }).catch(() => {}); // the lease ends by itself
  } finally {
    clearInterval(keep);
    await rm(folder, { recursive: true, force: true });
  }
}

for (;;) {
  const { job } = (await (await post('claim', { datanet })).json()) as { job: ClaimedJob | null };
  if (job) await trainJob(job);
  else if (values.once) break;
  else await pause(pollMs);
}
