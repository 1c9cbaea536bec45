import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, examples } from '#db/schema/datanets.ts';
import { adapterEvaluations, evaluationRows } from '#db/schema/evaluation.ts';
import { adapters } from '#db/schema/models.ts';
import { castBlindVote } from '#lib/evaluation/cast-blind-vote.ts';
import { evaluateAdapter } from '#lib/evaluation/evaluate-adapter.ts';
import { findBlindPair } from '#lib/evaluation/find-blind-pair.ts';
import { getPublishable } from '#lib/evaluation/get-publishable.ts';
import { findSealedEvaluation, listSetEvaluations } from '#lib/evaluation/queries.ts';
import { repeatEvaluation, requestMissingEvaluations } from '#lib/evaluation/request-evaluation.ts';
import { requestSetEvaluation } from '#lib/evaluation/request-set-evaluation.ts';
import { saveEvaluationSet } from '#lib/evaluation/save-evaluation-set.ts';
import { setGates } from '#lib/evaluation/set-gates.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from './engine.ts';
import { evaluationEngine } from './evaluate-adapter.ts';

let database: TestDatabase;
let factory: Factory;
let adapter: typeof adapters.$inferSelect;
const alice = { kind: 'account', address: `0x${'a'.repeat(40)}` } as const;
const bob = { kind: 'account', address: `0x${'b'.repeat(40)}` } as const;
const never = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  Object.assign(factory.env, {
    ENGINE_THREADS: 1,
    SERVE_FLEETS: {},
    ADAPTER_DISK_MB: 100,
    OBJECT_STORE_DIR: join(factory.folder, 'objects'),
  });
  const version = await insertVersion(factory, { key: 'red', owner: alice.address, rowCount: 40 });
  const contribution = { id: 'ctr_1', datanetId: version.datanetId, contributor: alice.address, source: 'form' };
  await database.db
    .insert(contributions)
    .values({ ...contribution, idempotencyKey: 'first rows', rowCount: 40, createdAt: factory.now() });
  await database.db.insert(examples).values(
    version.rows.map(({ id, contributor, contentHash, data }) => ({
      ...{ id, contributor, contentHash, data, datanetId: version.datanetId, contributionId: 'ctr_1' },
      ...{ status: 'accepted' as const, createdAt: factory.now() },
    })),
  );
  const { runId } = await startTrainingRun(factory, alice, runInput(version.id));
  const engine = trainingEngine({ ENGINE_THREADS: 1 });
  await trainRun(factory, engine, { runId, workRoot: join(factory.folder, 'work'), signal: never });
  adapter = (await database.db.select().from(adapters))[0]!;
}, 60_000);
afterAll(async () => {
  await database.close();
  factory.remove();
});
const evaluation = async () => (await findSealedEvaluation(database.db, adapter.id))!;

describe('an adapter’s evaluation', () => {
  it('is a condition of publishing it', async () => {
    await expect(getPublishable(database.db, adapter)).rejects.toMatchObject({ code: 'evaluation_pending' });
    expect(await requestMissingEvaluations(factory)).toEqual([(await evaluation()).id]);
    expect(await requestMissingEvaluations(factory)).toHaveLength(1);
    await expect(getPublishable(database.db, adapter)).rejects.toMatchObject({ code: 'evaluation_pending' });
  });

  it('that breaks off says so, stops the publication, and can be repeated by the owner', async () => {
    const { id } = await evaluation();
    await evaluateAdapter(factory, () => Promise.reject(new Error('no memory')), id, never);
    expect(await evaluation()).toMatchObject({ status: 'failed', error: expect.stringContaining('on our side') });
    await expect(getPublishable(database.db, adapter)).rejects.toMatchObject({ code: 'evaluation_failed' });
    await expect(repeatEvaluation(factory, bob, { evaluationId: id })).rejects.toMatchObject({
      code: 'evaluation_forbidden',
    });
    await repeatEvaluation(factory, alice, { evaluationId: id });
    expect(factory.sent.at(-1)).toBe(`evaluate-adapter ${id}`);
  });

  it('measures the very rows that were sealed before the training, as the trainer did', async () => {
    const { id } = await evaluation();
    await evaluateAdapter(factory, evaluationEngine(factory), id, never);
    const { figures, passed, verdicts } = await evaluation();
    expect(figures).toMatchObject({ rows: 4, answered: 4, isSealed: true, probes: 16 });
    // Two ways to one figure: the mean of the rows here, the trainer's own loss there.
    expect(figures!.tuned.loss).toBeCloseTo(adapter.evalLoss, 4);
    expect(figures!.base.loss).toBeCloseTo(adapter.baseEvalLoss, 4);
    expect(figures!.tuned.f1).toBeGreaterThan(figures!.base.f1!);
    expect(figures!.tuned.tokenAccuracy).toBeGreaterThan(0);
    expect(verdicts.filter((one) => !one.passed)).toEqual([]);
    expect(passed).toBe(true);
    expect(await getPublishable(database.db, adapter)).toMatchObject({ id });
  }, 60_000);

  it('lets only the owner move the gates, which then stop the publication by name', async () => {
    const { id, gates } = await evaluation();
    const strict = { evaluationId: id, gates: { ...gates, minGainPercent: 100 } };
    await expect(setGates(factory, bob, strict)).rejects.toMatchObject({ code: 'evaluation_forbidden' });
    await setGates(factory, alice, strict);
    await expect(getPublishable(database.db, adapter)).rejects.toMatchObject({
      code: 'gates_not_passed',
      facts: { minGainPercent: expect.stringContaining('asked at least 100 %') },
    });
    await setGates(factory, alice, { evaluationId: id, gates });
    const other = { ...adapter, sha256: `0x${'0'.repeat(64)}` };
    await expect(getPublishable(database.db, other)).rejects.toMatchObject({ code: 'adapter_changed' });
  });

  it('is voted on blind: one vote an account and pair, told apart afterwards', async () => {
    const { id } = await evaluation();
    const first = (await findBlindPair(factory, bob, id))!;
    expect(first).toMatchObject({ question: expect.stringContaining('what colour is house'), voted: 0, pairs: 4 });
    expect(await findBlindPair(factory, bob, id)).toEqual(first);
    const [row] = await database.db.select().from(evaluationRows).where(eq(evaluationRows.rowId, first.rowId));
    const side = first.left === row!.tunedAnswer ? ('left' as const) : ('right' as const);
    const vote = { evaluationId: id, rowId: first.rowId, side };
    const { choice, next } = await castBlindVote(factory, bob, vote);
    expect(choice).toBe('tuned');
    expect(next?.rowId).not.toBe(first.rowId);
    await expect(castBlindVote(factory, bob, vote)).rejects.toMatchObject({ code: 'vote_refused' });
    expect((await evaluation()).votes).toMatchObject({ tuned: 1, base: 0, preference: { share: 1 } });
    await database.db.update(examples).set({ status: 'withdrawn' });
    expect((await findBlindPair(factory, alice, id))?.question).toBe('(the row was withdrawn)');
    expect(await database.db.$count(adapterEvaluations)).toBe(1);
  });

  it('on a saved set is for the one who saved it, and asks also what has no right answer', async () => {
    const questions = [
      { question: 'what colour is house 3?', answer: 'house 3 is red, said the old man.' },
      { question: 'what is the sky?', answer: '' },
    ];
    const { setId } = await saveEvaluationSet(factory, bob, { name: 'My two', questions });
    const input = { runId: adapter.runId, setId };
    await expect(requestSetEvaluation(factory, alice, input)).rejects.toMatchObject({ code: 'evaluation_not_found' });
    const { evaluationId } = await requestSetEvaluation(factory, bob, input);
    expect(await requestSetEvaluation(factory, bob, input)).toEqual({ evaluationId });
    await evaluateAdapter(factory, evaluationEngine(factory), evaluationId, never);
    expect(await listSetEvaluations(database.db, alice.address, adapter.id)).toEqual([]);
    const [view] = await listSetEvaluations(database.db, bob.address, adapter.id);
    // The first is a training row: it was seen.
    expect(view).toMatchObject({
      setName: 'My two',
      status: 'done',
      figures: { rows: 2, answered: 2, contaminated: 1, isSealed: null },
    });
    expect(await findBlindPair(factory, alice, evaluationId)).toBeNull();
    expect(await findBlindPair(factory, bob, evaluationId)).toMatchObject({ pairs: 2 });
  }, 60_000);
});
