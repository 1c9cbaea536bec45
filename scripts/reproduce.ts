/**
 * `npm run reproduce -- <run id | run-manifest.json> [--data rows.jsonl] [--models models] [--fork file] [--threads n]`: trains a
 * run again from its manifest and the frozen rows (a merge is put together again from its models' adapters and weights), and compares the adapters. A run id, or a manifest without --data, asks the
 * database and object store of the OpenLedger that runs here (or that the environment names); with --data nothing else is
 * needed. A private run needs its secret in NOISE_SECRET. Threads are as many as the run had, because few shapes sum in
 * another order on more. Exits 1 unless the adapter is the same to the bit.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '#db/client.ts';
import { loadEnv } from '#lib/platform/env.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { openObjectStore } from '#lib/platform/storage/open-object-store.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { readSetting } from './audit/read-settings.ts';
import { findRun, type RunKey } from './reproduce/find-run.ts';
import { readRows } from './reproduce/read-rows.ts';
import { type RecordedRun, type Reproduction, readManifest, reproduceRun } from './reproduce/reproduce-run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    models: { type: 'string', default: process.env.MODELS_DIR ?? 'models' },
    fork: { type: 'string' },
    threads: { type: 'string' },
  },
});
const [target] = positionals;
if (!target || positionals.length > 1) {
  console.error(
    'Usage: npm run reproduce -- <run id | run-manifest.json> [--data rows.jsonl] [--models <folder>] [--fork <checkpoint>]',
  );
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'openledger-reproduce-'));
try {
  process.exitCode = await main(target);
} catch (error) {
  console.error(`reproduce: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function main(run: string): Promise<number> {
  const recorded = await findRecorded(run);
  const { manifest } = recorded;
  const work = recorded.parents ? `merge of ${recorded.parents.length}` : `${manifest.steps} steps`;
  console.log(`${manifest.baseModel}, ${recorded.train.length} rows, ${work}`);
  const reproduction = await reproduceRun(
    { ...recorded, noiseSecret: process.env.NOISE_SECRET },
    {
      modelDir: join(values.models, manifest.baseModel),
      outDir: join(folder, 'adapter'),
      threads: values.threads === undefined ? (manifest.machine?.threads ?? 1) : Number(values.threads),
      onProgress: (step, total) => {
        if (step % Math.ceil(total / 10) === 0) console.log(`step ${step} of ${total}`);
      },
    },
  );
  return report(reproduction);
}

async function findRecorded(run: string): Promise<RecordedRun> {
  if (!run.endsWith('.json')) return findInProduct({ runId: run });
  const manifest = await readManifest(run);
  if (values.data === undefined) return findInProduct({ adapterSha256: manifest.adapterSha256 });
  if (manifest.dataset?.rule === 'merged/1')
    throw new Error('a merge is put together from its models, which the OpenLedger that runs has: leave --data out');
  const adapterFile = join(dirname(run), 'adapter_model.safetensors');
  const rows = await readRows(values.data);
  return { manifest, ...rows, adapterFile: existsSync(adapterFile) ? adapterFile : null, forkFrom: values.fork };
}

async function findInProduct(key: RunKey): Promise<RecordedRun> {
  const { db, close } = openDatabase(readSetting('DATABASE_URL'), { max: 2 });
  const store = process.env.S3_ENDPOINT
    ? openObjectStore(loadEnv(process.env))
    : fileObjectStore(readSetting('OBJECT_STORE_DIR'));
  try {
    return await findRun({ db, store, engine: trainingEngine({ ENGINE_THREADS: 1 }) }, key, folder);
  } finally {
    await close();
  }
}

/** Prints the comparisons; 0 when the adapter is the same. */
function report({ comparisons, isSameMachine, largestDifference }: Reproduction): number {
  for (const { what, recorded, found } of comparisons) {
    console.log(recorded === found ? `ok ${what}: ${recorded}` : `NO ${what}: recorded ${recorded}, found ${found}`);
  }
  const adapter = comparisons.at(-1)!;
  if (adapter.recorded === adapter.found) return 0;
  const difference =
    largestDifference === null
      ? 'the recorded adapter is not here to compare'
      : `the largest difference is ${largestDifference.toExponential(2)} of a tensor's largest weight`;
  const cause = comparisons.slice(0, -3).find(({ recorded, found }) => recorded !== found);
  const reason = cause
    ? `another ${cause.what} than the recorded one explains it`
    : isSameMachine
      ? 'this is the same kind of machine, so it should be the same'
      : 'this is another kind of machine, whose rounding may differ';
  console.error(`not the same adapter: ${difference}; ${reason}`);
  return 1;
}
