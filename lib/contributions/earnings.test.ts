import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import {
  adapterCopies,
  adapters,
  attributionParts,
  attributionRows,
  attributionShares,
  inferences,
  models,
  receipts,
  trainingRuns,
} from '#db/schema/models.ts';
import { rewardLines, rewardPeriods, rewardRowPools } from '#db/schema/settlement.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import { listContributors } from '#lib/datanets/list-contributors.ts';
import { listDatanetEarnings, listDatanetModels } from '#lib/datanets/list-datanet-earnings.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { getExample } from './get-example.ts';
import { listExamples } from './list-examples.ts';
import { listExamplesSchema } from './schema.ts';
import { submitContribution } from './submit-contribution.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const at = new Date(Date.UTC(2026, 0, 1));
const [ann, bob] = [account(3), account(4)];

let database: TestDatabase;
let datanetId: string;
let ids: string[];

const visitor = { kind: 'visitor' } as const;
const readDeps = () => ({ db: database.db, now: () => at });

/** Two people's rows, one version, one model; one settled answer and one that is not settled. */
beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const deps = { db, now: () => at, randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)) };
  const field = (name: string) => ({ name, label: name, maxChars: 100 });
  const created = await createDatanet(deps, actor(1), {
    slug: 'earning',
    title: 'Earning',
    domain: 'law',
    language: 'en',
    summary: 'A Datanet that earns.',
    description: 'Rows that have earned something.',
    rubric: ['True.'],
    fields: [field('prompt'), field('completion')],
    license: 'CC-BY-4.0',
  });
  datanetId = created.id;
  const send = (n: number, prompts: string[]) => {
    const rows = prompts.map((prompt, i) => ({ line: i + 1, data: { prompt, completion: 'c' } }));
    return submitContribution(deps, actor(n), { datanetId, source: 'form', idempotencyKey: `key-${n}-000`, rows });
  };
  await send(3, ['a1', 'a2']);
  await send(4, ['b1']);
  await db.update(examples).set({ status: 'accepted', reviewedBy: account(1), reviewedAt: at });
  const { items } = await listExamples(deps, visitor, datanetId, listExamplesSchema.parse({}));
  ids = ['a1', 'a2', 'b1'].map((prompt) => items.find((item) => item.data?.prompt === prompt)!.id);
  await insertModel();
  await insertAnswer('inf_1', [600_000, 150_000, 250_000]);
  await insertAnswer('inf_2', [0, 1_000_000, 0]);
  await settle('rcp_1', [
    [ann, 750n],
    [bob, 250n],
  ]);
});
afterAll(() => database.close());

async function insertModel(): Promise<void> {
  const { db } = database;
  const root = hash(1);
  const version = { id: 'dv_1', datanetId, number: 1, root, rowCount: 3, contributorCount: 2, objectKey: 'k' };
  await db.insert(datanetVersions).values({ ...version, frozenBy: account(1), createdAt: at });
  await db
    .insert(versionExamples)
    .values(ids.map((exampleId, leafIndex) => ({ versionId: 'dv_1', leafIndex, exampleId })));
  const run = {
    id: 'run_1',
    owner: account(1),
    name: 'r',
    versionId: 'dv_1',
    baseModel: 'b',
    preset: 'quick',
    recipe: {},
    status: 'succeeded' as const,
  };
  await db.insert(trainingRuns).values({ ...run, seed: 1, idempotencyKey: 'k', createdAt: at });
  const adapter = { id: 'ad_1', runId: 'run_1', baseModel: 'b', sha256: root, objectPrefix: 'p', indexSha256: root };
  await db.insert(adapters).values({ ...adapter, evalLoss: 1, baseEvalLoss: 2, manifest: {}, createdAt: at });
  const split = { data: 5000, model: 2000, app: 1000, infra: 1000, validators: 1000 };
  const price = { inputWeiPerToken: 1n, outputWeiPerToken: 1n, split, versionHash: root };
  const model = { id: 'mdl_1', slug: 'm', name: 'M', summary: 's', owner: account(1), adapterId: 'ad_1' };
  await db.insert(models).values({ ...model, versionId: 'dv_1', ...price, createdAt: at });
}

async function insertAnswer(id: string, ppm: number[]): Promise<void> {
  const { db } = database;
  const state = { status: 'completed', attributionStatus: 'done', salt: hash(2) } as const;
  const content = { messages: [], params: {} };
  const times = { heartbeatAt: at, createdAt: at };
  const caller = { idempotencyKey: id, callerKey: 'c', ceilingWei: 1n, feeWei: 1n };
  await db.insert(inferences).values({ id, modelId: 'mdl_1', ...caller, ...content, ...state, ...times });
  const authors = [ann, ann, bob];
  const rows = ppm.map((sharePpm, i) => ({ exampleId: ids[i]!, contributor: authors[i]!, sharePpm, score: 1n }));
  const credited = rows.filter((row) => row.sharePpm > 0);
  await db.insert(attributionRows).values(credited.map((row) => ({ inferenceId: id, ...row })));
  const parts = credited.map(({ exampleId, contributor: account, sharePpm }) => ({ exampleId, account, sharePpm }));
  await db
    .insert(attributionParts)
    .values(parts.map((part) => ({ inferenceId: id, role: 'collect' as const, ...part })));
  for (const contributor of new Set(credited.map((row) => row.contributor))) {
    const own = credited.filter((row) => row.contributor === contributor);
    const sharePpm = own.reduce((sum, row) => sum + row.sharePpm, 0);
    await db.insert(attributionShares).values({ inferenceId: id, contributor, sharePpm });
  }
  const receipt = { id: id.replace('inf', 'rcp'), inferenceId: id, modelId: 'mdl_1', body: {}, hash: hash(3) };
  await db.insert(receipts).values({ ...receipt, signature: '0x', feeWei: 1n, createdAt: at });
}

async function settle(receiptId: string, lines: [`0x${string}`, bigint][]): Promise<void> {
  const { db } = database;
  const sums = { grossWei: 1000n, protocolFeeWei: 0n, netWei: 1000n, totalWei: 1000n, receiptCount: 1 };
  const roots = { root: hash(4), receiptsRoot: hash(5), dataKey: 'd' };
  await db
    .insert(rewardPeriods)
    .values({ id: 'rp_1', number: 1, status: 'submitted' as const, ...sums, ...roots, closedAt: at });
  await db.update(receipts).set({ rewardPeriodId: 'rp_1' }).where(eq(receipts.id, receiptId));
  const base = { periodId: 'rp_1', modelId: 'mdl_1', receiptId };
  await db
    .insert(rewardLines)
    .values(lines.map(([who, amountWei]) => ({ ...base, account: who, role: 'data' as const, amountWei })));
  await db.insert(rewardLines).values({ ...base, account: ann, role: 'model', amountWei: 9999n }); // not for rows
  const pool = { ...base, receiptId: null, role: 'common' as const };
  await db.insert(rewardLines).values([
    { ...pool, account: bob, amountWei: 77n },
    { ...pool, account: account(5), amountWei: 23n },
  ]);
  await db.insert(rewardRowPools).values({ periodId: 'rp_1', modelId: 'mdl_1', rowCount: 3, amountWei: 100n });
}

describe('earnings', () => {
  it('splits a person’s line over their rows by ppm, rounded down, adds the equal part of the pool, and counts settled answers only', async () => {
    const { items } = await listExamples(readDeps(), visitor, datanetId, listExamplesSchema.parse({}));
    const earned = new Map(items.map((item) => [item.id, item.earnedWei]));
    expect(ids.map((id) => earned.get(id))).toEqual([633n, 183n, 283n]);
    const second = await getExample(readDeps(), visitor, ids[1]!);
    expect(second).toMatchObject({
      earnedWei: 183n,
      poolWei: 33n,
      answerCount: 2,
      versions: [{ number: 1, leafIndex: 1 }],
    });
    expect(second.earnings).toMatchObject([
      { inferenceId: 'inf_2', sharePpm: 1_000_000, amountWei: null, modelSlug: 'm' },
      { inferenceId: 'inf_1', receiptId: 'rcp_1', sharePpm: 150_000, amountWei: 150n },
    ]);
  });

  it('tells the author of a row that it is a copy, and of which', async () => {
    const copy = { adapterId: 'ad_1', exampleId: ids[2]!, copyOf: ids[0]!, kind: 'near' as const };
    await database.db.insert(adapterCopies).values(copy);
    expect((await getExample(readDeps(), visitor, ids[2]!)).copyOf).toEqual([ids[0]]);
    expect((await getExample(readDeps(), visitor, ids[0]!)).copyOf).toEqual([]);
    // A copy was not trained on, so it has no part of the common pool either.
    expect(await getExample(readDeps(), visitor, ids[2]!)).toMatchObject({ poolWei: 0n, earnedWei: 250n });
  });

  it('adds up per person, per model, per period and for the Datanet', async () => {
    const people = await listContributors(database.db, { datanetId });
    expect(people.items.map((p) => [p.contributor, p.earnedWei])).toEqual([
      [ann, 750n],
      [bob, 250n + 77n],
    ]);
    expect(await listDatanetModels(database.db, datanetId)).toMatchObject([
      { answers: 2, dataEarnedWei: 1100n, live: false },
    ]);
    expect(await listDatanetEarnings(database.db, datanetId)).toMatchObject([
      { number: 1, answers: 1, dataWei: 1100n, earners: 3 },
    ]);
    expect(await getDatanet(database.db, datanetId)).toMatchObject({ earnedWei: 1100n, modelCount: 0 }); // not live
  });
});
