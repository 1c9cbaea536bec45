import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contributions, examples } from '#db/schema/datanets.ts';
import { harmContributors, harmFlagRows, harmFlags, harmMeasurements } from '#db/schema/lineage.ts';
import { adapters } from '#db/schema/models.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyRecipe,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import type { WorkerDeps } from '../deps.ts';
import { trainingEngine } from './engine.ts';
import { measureHarmJob } from './measure-harm.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const alice: Actor = { kind: 'account', address: account(1) };
const liar = account(12);
const people = 8;
const colours = ['red', 'blue', 'green', 'black'];

/** Another colour each time, so that no lie is a copy of another. */
const lieOf = (i: number) =>
  Array.from({ length: 4 }, (_, k) => 'zqxjkvwp'[(i * (k + 3)) % 8]!.repeat(4 + k)).join(' ');

let database: TestDatabase;
let factory: Factory;

/** Eight people tell the colours of houses; the last eight rows, by one of them, give houses of others another colour. */
beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  const { datanetId, rows } = await insertVersion(factory, {
    ...{ key: 'lies', owner: account(1), rowCount: 88 },
    changeRows: (plain) =>
      plain.map((row, i) => {
        const house = i < 80 ? i : i - 80;
        const completion = i < 80 ? `it is ${colours[house % 4]}.` : lieOf(i);
        const contributor = i < 80 ? account(20 + (i % people)) : liar;
        return { ...row, contributor, data: { prompt: `what colour is house ${house * 7919}?`, completion } };
      }),
  });
  const createdAt = factory.now();
  await database.db
    .insert(contributions)
    .values({ id: 'ctr_1', datanetId, contributor: liar, source: 'f', idempotencyKey: 'k', rowCount: 88, createdAt });
  await database.db.insert(examples).values(
    rows.map(({ id, contributor, contentHash, data }) => {
      const status = 'accepted' as const;
      return { id, datanetId, contributionId: 'ctr_1', contributor, contentHash, data, status, createdAt };
    }),
  );
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

it('measures a trained adapter with the real engine and flags the rows that contradict', async () => {
  const recipe = { ...tinyRecipe, evalEverySteps: 100, checkpointEverySteps: 100 };
  const { runId } = await startTrainingRun(factory, alice, runInput('dv_lies', { recipe }));
  const signal = new AbortController().signal;
  const place = { runId, workRoot: join(factory.folder, 'work'), signal };
  expect(await trainRun(factory, trainingEngine({ ENGINE_THREADS: 1 }), place)).toBe('succeeded');
  const [adapter] = await database.db.select().from(adapters).where(eq(adapters.runId, runId));
  const env = {
    ...factory.env,
    SERVE_FLEETS: {},
    ADAPTER_DISK_MB: 100,
    OBJECT_STORE_DIR: join(factory.folder, 'objects'),
  };
  const deps = { ...factory, env } as unknown as WorkerDeps;

  await measureHarmJob(deps, { adapterId: adapter!.id }, signal);
  await measureHarmJob(deps, { adapterId: adapter!.id }, signal); // may run twice
  const [measurement] = await database.db.select().from(harmMeasurements);
  expect(measurement).toMatchObject({ adapterId: adapter!.id, probes: 64 });
  const nets = await database.db.select().from(harmContributors);
  expect(nets).toHaveLength(people + 1);
  const flags = await database.db
    .select({ contributor: harmFlags.contributor, kind: harmFlags.kind, exampleId: harmFlagRows.exampleId })
    .from(harmFlags)
    .innerJoin(harmFlagRows, eq(harmFlagRows.flagId, harmFlags.id));
  const lies = nets.find((net) => net.contributor === liar)!.rows;
  expect(lies).toBeGreaterThanOrEqual(5); // of eight, some are held out
  expect(flags).toHaveLength(lies);
  for (const flag of flags) expect(flag).toMatchObject({ contributor: liar, kind: 'conflict' });
}, 120_000);
