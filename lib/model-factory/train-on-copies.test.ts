import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapterCopies, adapters } from '#db/schema/models.ts';
import type { VersionRow } from '#lib/datanets/version-rows.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { getRun } from './queries.ts';
import { startTrainingRun } from './start-training-run.ts';
import { createFactory, type Factory, insertVersion, runInput, tinyRecipe } from './test-support/factory-fixture.ts';
import { trainRun } from './train-run.ts';

let database: TestDatabase;
let factory: Factory;
const alice: Actor = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const mallory = `0x${'6'.repeat(40)}` as const;
let plain: VersionRow[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  const owner = alice.address;
  plain = (await insertVersion(factory, { key: 'plain', owner, rowCount: 40 })).rows;
  await insertVersion(factory, { key: 'copied', owner, rowCount: 0, changeRows: () => attacked(plain) });
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

/** Everything belongs to one account now, and every third row stands there again, in capitals. */
function attacked(rows: VersionRow[]): VersionRow[] {
  const capitals = (text: string): string => text.toUpperCase();
  const stolen = rows
    .filter((_, i) => i % 3 === 0)
    .map((row) => ({
      ...{
        ...row,
        id: row.id.replace('ex_', 'ex_x'),
        contentHash: row.contentHash.replace(/.$/, '0') as `0x${string}`,
      },
      data: Object.fromEntries(Object.entries(row.data).map(([name, text]) => [name, capitals(text)])),
    }));
  return [...rows, ...stolen].map((row) => ({ ...row, contributor: mallory }));
}

async function trainOn(versionId: string) {
  const recipe = { ...tinyRecipe, epochs: 2, evalEverySteps: 100, checkpointEverySteps: 100 };
  const { runId } = await startTrainingRun(
    factory,
    alice,
    runInput(versionId, { idempotencyKey: `run on ${versionId}`, recipe }),
  );
  const place = { runId, workRoot: `${factory.folder}/work`, signal: new AbortController().signal };
  const outcome = await trainRun(factory, trainingEngine({ ENGINE_THREADS: 1 }), place);
  expect(outcome, (await getRun(database.db, runId)).errorMessage ?? undefined).toBe('succeeded');
  return (await database.db.select().from(adapters).where(eq(adapters.runId, runId)))[0]!;
}

it('trains the same adapter and indexes, to the bit, whoever owns the rows and however many copies were added', async () => {
  const [one, other] = [await trainOn('dv_plain'), await trainOn('dv_copied')];
  expect(other.sha256).toBe(one.sha256);
  expect(other.indexSha256).toBe(one.indexSha256);
  expect(other.spanIndexSha256).toBe(one.spanIndexSha256);
  expect(one.manifest).toMatchObject({ dataset: { rule: 'originals/3', rows: 40, copies: 0 } });
  expect(other.manifest).toMatchObject({ dataset: { rule: 'originals/3', rows: 54, copies: 14 } });
  const copies = await database.db.select().from(adapterCopies).where(eq(adapterCopies.adapterId, other.id));
  expect(copies).toHaveLength(14);
  for (const { exampleId, copyOf, kind } of copies) {
    expect([copyOf, kind]).toEqual([exampleId.replace('ex_x', 'ex_'), 'same']);
  }
  for (const name of ['attribution.index', 'spans.index']) {
    expect(await factory.store.exists(`${other.objectPrefix}/${name}`)).toBe(true);
  }
}, 120_000);
