import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapters, attributionShares, inferences, models, receipts, trainingRuns } from '#db/schema/models.ts';
import { chainBlocks, chainEvents, rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { getTotals } from './get-totals.ts';
import { countAnswers, listAnswers } from './list-answers.ts';
import { listEarners } from './list-earners.ts';
import { countEvents, listEvents } from './list-events.ts';
import { searchEverything } from './search-everything.ts';

const address = (digit: string) => `0x${digit.repeat(40)}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const modelOwner = address('a');
const contributor = address('b');
const stranger = address('c');
const now = new Date('2026-11-21T12:00:00Z');
const id = (prefix: string, n: number) => `${prefix}_${String(n).padStart(26, '0')}`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await seed();
});
afterAll(() => database.close());

describe('answers', () => {
  it('count as independent only when the payer neither owns the model nor has a share', async () => {
    const { items } = await listAnswers(database.db, { independentOnly: true });
    expect(items.map((item) => item.inferenceId)).toEqual([id('inf', 3)]);
    expect(await countAnswers(database.db, { independentOnly: true })).toEqual({ answers: 1, payers: 1 });
  });
  it('are not independent when the payer has a row in the version, which shares the common pool', async () => {
    const { db } = database;
    const contribution = { id: id('ctr', 1), datanetId: id('dn', 1), contributor: stranger, source: 'form' };
    await db.insert(contributions).values({ ...contribution, idempotencyKey: 'c', rowCount: 1, createdAt: now });
    const row = { id: id('ex', 1), datanetId: id('dn', 1), contributionId: id('ctr', 1), contributor: stranger };
    await db.insert(examples).values({ ...row, data: {}, contentHash: hash('a'), status: 'accepted', createdAt: now });
    await db.insert(versionExamples).values({ versionId: id('dv', 1), leafIndex: 0, exampleId: id('ex', 1) });
    expect(await countAnswers(db, { independentOnly: true })).toEqual({ answers: 0, payers: 0 });
    await db.delete(versionExamples);
    await db.delete(examples);
    await db.delete(contributions);
    expect(await countAnswers(db, { independentOnly: true })).toEqual({ answers: 1, payers: 1 });
  });
  it('page by keyset without losing or repeating one', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listAnswers(database.db, {}, { limit: 2, cursor });
      seen.push(...page.items.map((item) => item.inferenceId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([4, 3, 2, 1].map((n) => id('inf', n)));
  });
  it('of an account are those that it paid or shared in', async () => {
    const { items } = await listAnswers(database.db, { account: stranger });
    expect(items.map((item) => item.inferenceId)).toEqual([id('inf', 3)]);
  });
});

describe('events', () => {
  it('page by block and log index, in words of their list', async () => {
    const first = await listEvents(database.db, { kind: 'claims' });
    expect(first.items.map((event) => [event.blockNumber, event.logIndex])).toEqual([
      [12, 1],
      [12, 0],
      [11, 0],
    ]);
    expect(first.items[0]!.at).toEqual(new Date(1_700_000_000_000));
    const rest = await listEvents(database.db, { kind: 'claims' }, '12.1');
    expect(rest.items).toHaveLength(2);
  });
  it('can be narrowed to those that name an account', async () => {
    expect(await countEvents(database.db, { kind: 'events', account: contributor })).toBe(2);
  });
  it('ignores a cursor that it did not make', async () => {
    expect((await listEvents(database.db, { kind: 'claims' }, "1'; drop table x")).items).toHaveLength(3);
  });
});

describe('totals', () => {
  it('are the figures of the queries that they link to, exact to the wei', async () => {
    expect(await getTotals(database.db, now)).toEqual({
      paidWei: 10n ** 24n + 7n,
      earners: 2,
      independentAnswers: 1,
      independentPayers: 1,
      activeDatanets: 1,
      liveModels: 1,
    });
    expect((await listEarners(database.db)).map((row) => row.account)).toEqual([contributor, modelOwner]);
  });
});

describe('search', () => {
  it.each([
    ['clauses', 'Datanet', '/datanets/clauses'],
    ['CLAUSE writer', 'Model', '/models/clause-writer'],
    [id('rcp', 3).slice(0, 8), 'Receipt', `/receipts/${id('rcp', 3)}`],
    [hash('9'), 'Receipt', `/receipts/${id('rcp', 3)}`],
    [contributor.slice(0, 12), 'Address', `/explorer?kind=answers&account=${contributor}`],
    [address('d'), 'Address', `/explorer?kind=answers&account=${address('d')}`],
  ])('finds %s as %s', async (query, kind, href) => {
    expect(await searchEverything(database.db, query)).toContainEqual(expect.objectContaining({ kind, href }));
  });
  it.each(['%%', '__', "x'; drop table receipts; --", '0xzz'])('takes %j as text', async (query) => {
    expect(await searchEverything(database.db, query)).toEqual([]);
  });
});

async function seed(): Promise<void> {
  const { db } = database;
  await db.insert(datanets).values({
    id: id('dn', 1),
    slug: 'clauses',
    owner: modelOwner,
    title: 'Contract clauses',
    domain: 'law',
    language: 'en',
    summary: 's',
    description: 'd',
    rubric: [],
    fields: [{ name: 'q', label: 'Question', maxChars: 100 }],
    license: 'CC0-1.0',
    metaHash: hash('1'),
    createdAt: now,
  });
  await db.insert(datanetVersions).values({
    id: id('dv', 1),
    datanetId: id('dn', 1),
    number: 1,
    root: hash('2'),
    rowCount: 0,
    contributorCount: 1,
    objectKey: 'x',
    frozenBy: modelOwner,
    createdAt: now,
  });
  await db.insert(trainingRuns).values({
    id: id('run', 1),
    owner: modelOwner,
    name: 'r',
    versionId: id('dv', 1),
    baseModel: 'b',
    preset: 'quick',
    recipe: {},
    seed: 1,
    status: 'succeeded',
    idempotencyKey: 'k',
    createdAt: now,
  });
  await db.insert(adapters).values({
    id: id('ad', 1),
    runId: id('run', 1),
    baseModel: 'b',
    sha256: hash('3'),
    objectPrefix: 'p',
    indexSha256: hash('4'),
    evalLoss: 1,
    baseEvalLoss: 2,
    manifest: {},
    createdAt: now,
  });
  await db.insert(models).values({
    id: id('mdl', 1),
    slug: 'clause-writer',
    name: 'Clause writer',
    summary: 's',
    owner: modelOwner,
    adapterId: id('ad', 1),
    versionId: id('dv', 1),
    inputWeiPerToken: 1n,
    outputWeiPerToken: 2n,
    split: { data: 6000, model: 2000, app: 500, infra: 1000, validators: 500 },
    versionHash: hash('5'),
    createdAt: now,
  });
  await seedAnswers();
  await seedChain();
}

/** 1: free, 2: paid by the model's owner, 3: paid by a stranger, 4: paid by the contributor who is credited. */
async function seedAnswers(): Promise<void> {
  const payers = [null, modelOwner, stranger, contributor];
  for (const [at, payer] of payers.entries()) {
    const n = at + 1;
    await database.db.insert(inferences).values({
      id: id('inf', n),
      modelId: id('mdl', 1),
      payer,
      idempotencyKey: `${n}`,
      callerKey: 'x',
      status: 'completed',
      messages: [],
      params: {},
      ceilingWei: 10n,
      feeWei: payer ? 5n : 0n,
      salt: hash('6'),
      attributionStatus: 'done',
      heartbeatAt: now,
      createdAt: now,
    });
    await database.db.insert(attributionShares).values({ inferenceId: id('inf', n), contributor, sharePpm: 1_000_000 });
  }
  await database.db.insert(receipts).values({
    id: id('rcp', 3),
    inferenceId: id('inf', 3),
    modelId: id('mdl', 1),
    body: {},
    hash: hash('9'),
    signature: '0x',
    feeWei: 5n,
    createdAt: now,
  });
  await database.db.insert(rewardPeriods).values({
    id: id('rp', 1),
    number: 1,
    status: 'submitted',
    receiptCount: 1,
    grossWei: 5n,
    protocolFeeWei: 0n,
    netWei: 5n,
    totalWei: 5n,
    root: hash('7'),
    receiptsRoot: hash('8'),
    dataKey: 'x',
    closedAt: now,
  });
  const line = { periodId: id('rp', 1), modelId: id('mdl', 1), receiptId: id('rcp', 3) };
  await database.db.insert(rewardLines).values([
    { ...line, account: contributor, role: 'data', amountWei: 4n },
    { ...line, account: modelOwner, role: 'model', amountWei: 1n },
  ]);
}

async function seedChain(): Promise<void> {
  const event = { blockHash: hash('e'), txHash: hash('f'), contract: 'attributionLedger', name: 'Claimed' };
  const claim = (blockNumber: number, logIndex: number, account: string, amount: string) => ({
    ...event,
    blockNumber,
    logIndex,
    subject: account,
    args: { id: '1', account, amount },
  });
  await database.db
    .insert(chainBlocks)
    .values({ number: 12, hash: hash('e'), parentHash: hash('d'), timestamp: 1_700_000_000 });
  await database.db.insert(chainEvents).values([
    claim(11, 0, contributor, (10n ** 24n).toString()), // more than a float can hold exactly
    claim(12, 0, contributor, '3'),
    claim(12, 1, modelOwner, '4'),
    {
      ...event,
      blockNumber: 5,
      logIndex: 0,
      contract: 'datanetRegistry',
      name: 'DatanetCreated',
      subject: hash('1'),
      args: { id: '1', owner: modelOwner },
    },
    {
      ...event,
      blockNumber: 6,
      logIndex: 0,
      contract: 'modelRegistry',
      name: 'VersionPublished',
      subject: hash('5'),
      args: { id: '1' },
    },
  ]);
}
