import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { estimateRun } from '#lib/model-factory/estimate-run.ts';
import { getRun, listRunEvents } from '#lib/model-factory/queries.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import { createFactory, insertVersion } from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { checkTraining } from '#worker/serve/check-training.ts';
import { freePort } from '../../up/ports.ts';
import { postgresUrl, spawnPostgres, waitForPostgres } from '../../up/postgres.ts';
import { findProcess, stopProcess } from '../../up/process-info.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'what a run is said to take before it, against what it took: 10 runs after one that shows the speed';

const baseModel = 'openledger-nano';
const alice = { kind: 'account', address: `0x${'a'.repeat(40)}` } as const satisfies Actor;
const samples = ['threat-intelligence', 'customer-support', 'defi-risk', 'scots-language', 'contract-clauses'];
/** Short ones, so that what lies around the steps counts too; they differ in passes, batch, measurements and rank. */
const recipes: readonly TrainingRecipe[] = [
  { ...recipePresets.balanced, epochs: 3 },
  { ...recipePresets.balanced, learningRate: 1.5e-3, epochs: 4, batchSize: 4, evalEverySteps: 10 },
];

/** The wizard's own estimate and the worker's own training, on sample Datanets and the shipped base. */
export async function run({ emit, log, threads }: BenchContext): Promise<void> {
  const database = await openOwnDatabase();
  const factory = await createFactory(database.db);
  factory.now = () => new Date();
  Object.assign(factory.env, { MODELS_DIR: 'models', INTERNAL_TOKEN: 'bench' });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(JSON.stringify(await checkTraining(factory, JSON.parse(Buffer.concat(chunks).toString()))));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  factory.env.SERVE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const name of samples) await insertSample(factory, name);
    const plans = samples.flatMap((name) => recipes.map((recipe) => ({ name, recipe })));
    for (const [i, plan] of [plans[0]!, ...plans].entries()) {
      const { cost, time, said } = await takeOne(factory, plan, `bench run ${i}`, threads);
      if (i === 0) continue; // it shows the speed of this machine
      const label = `${i}. ${plan.name}, ${plan.recipe.epochs} passes`;
      const within = (share: number) => (value: number) => Math.abs(value - 1) <= share;
      emit({ case: `${label}: tokens metered / said`, value: cost, unit: 'x', ...judge(within(0.1)(cost)) });
      emit({ case: `${label}: seconds taken / said`, value: time, unit: 'x', ...judge(within(0.3)(time)) });
      log(`${label}: said ${said.trainedTokens} tokens and ${said.seconds} s`);
    }
  } finally {
    server.close();
    await database.close();
    factory.remove();
  }
}

/** A ratio may miss on either side, and a bench's target has one: a miss is held against what it cannot be. */
const judge = (isWithin: boolean) => (isWithin ? {} : { target: { atMost: 0 } });

/** A PostgreSQL for this bench alone. */
async function openOwnDatabase() {
  const root = mkdtempSync(join(tmpdir(), 'openledger-estimates-'));
  const options = {
    dir: join(root, 'postgres'),
    port: await freePort(),
    password: 'bench',
    logFile: join(root, 'log'),
  };
  const server = await spawnPostgres(options);
  await waitForPostgres(options, 'bench', server);
  const url = postgresUrl(options, 'bench');
  await migrate(url);
  const { db, close } = openDatabase(url);
  return {
    db,
    async close() {
      await close();
      await stopProcess(findProcess(server.pid!)!, [{ signal: 'SIGQUIT', waitMs: 5_000 }]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

type Factory = Awaited<ReturnType<typeof createFactory>>;

async function insertSample(factory: Factory, name: string): Promise<void> {
  const lines = readFileSync(join('db/samples', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { prompt: string; completion: string });
  await insertVersion(factory, {
    ...{ key: name, owner: alice.address, rowCount: rows.length },
    changeRows: (made) =>
      made.map((row, i) => ({
        ...row,
        data: { prompt: rows[i]!.prompt, completion: rows[i]!.completion },
        contentHash: sha256(rows[i]!.prompt),
      })),
  });
}

async function takeOne(
  factory: Factory,
  { name, recipe }: { name: string; recipe: TrainingRecipe },
  idempotencyKey: string,
  threads: number,
) {
  const input = { versionId: `dv_${name}`, baseModel, recipe };
  const said = await estimateRun(factory, alice, input);
  const launch = { ...input, name: 'Bench run', preset: 'custom' as const, idempotencyKey };
  const { runId } = await startTrainingRun(factory, alice, launch);
  const engine = trainingEngine({ ENGINE_THREADS: threads });
  const place = { runId, workRoot: join(factory.folder, 'work'), signal: new AbortController().signal };
  const outcome = await trainRun(factory, engine, place);
  const { startedAt, endedAt, errorCode, errorMessage } = await getRun(factory.db, runId);
  if (outcome !== 'succeeded') throw new Error(`the run ended as ${outcome}: ${errorCode}, ${errorMessage}`);
  const events = await listRunEvents(factory.db, runId, 0, 10_000);
  const { trainTokens } = events.find(({ type }) => type === 'started')!.data as { trainTokens: number };
  const seconds = (Date.parse(endedAt!) - Date.parse(startedAt!)) / 1000;
  return { said, cost: trainTokens / said.trainedTokens, time: seconds / said.seconds };
}
