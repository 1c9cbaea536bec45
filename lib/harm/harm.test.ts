import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, datanetRoles, examples } from '#db/schema/datanets.ts';
import { harmFlags, harmMeasurements } from '#db/schema/lineage.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { decideFlag } from '#lib/contributions/decide-flag.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { reportExample } from '#lib/contributions/report-example.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { decideFlagSchema } from '#lib/contributions/schema.ts';
import { createFactory, type Factory, insertVersion } from '#lib/model-factory/test-support/factory-fixture.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findLastMeasurement } from './find-last-measurement.ts';
import { listOpenFlags, listOwnFlags, listRowFlags } from './list-flags.ts';
import { measureHarm } from './measure-harm.ts';
import type { HarmEngine, RowEffect } from './types.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const owner = actor(1);
/** Row i belongs to person 10 + i % 10. */
const people = 10;
const bad = account(10 + 3);

let database: TestDatabase;
let factory: Factory;
const signal = new AbortController().signal;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

/** A Datanet of `rowCount` accepted rows, `people` contributors and one version. */
async function insertDatanet(key: string, rowCount = 100) {
  const version = await insertVersion(factory, {
    ...{ key, owner: account(1), rowCount },
    changeRows: (rows) => rows.map((row, i) => ({ ...row, contributor: account(10 + (i % people)) })),
  });
  const contributionId = `ctr_${key}`;
  const base = { datanetId: version.datanetId, createdAt: factory.now() };
  await database.db
    .insert(contributions)
    .values({ ...base, id: contributionId, contributor: bad, source: 'f', idempotencyKey: key, rowCount });
  await database.db.insert(datanetRoles).values({
    ...{ datanetId: version.datanetId, address: account(2), role: 'curator', grantedAt: factory.now() },
  });
  await database.db.insert(examples).values(
    version.rows.map(({ id, contributor, contentHash, data }) => ({
      ...{ ...base, id, contributionId, contributor, contentHash, data, status: 'accepted' as const },
      reviewedBy: account(1),
    })),
  );
  return version;
}

/** An adapter of the version, as a run leaves it. */
async function insertAdapter(key: string, n: number): Promise<string> {
  const [id, runId] = [`ad_${key}_${n}`, `run_${key}_${n}`];
  await database.db.insert(trainingRuns).values({
    ...{ id: runId, owner: account(1), name: 'r', versionId: `dv_${key}`, baseModel: 'tiny', preset: 'custom' },
    ...{ recipe: {}, seed: n, status: 'succeeded', idempotencyKey: id, createdAt: factory.now() },
  });
  await database.db.insert(adapters).values({
    ...{ id, runId, baseModel: 'tiny', sha256: sha256(id), objectPrefix: 'p', indexSha256: sha256(id) },
    ...{ evalLoss: 1, baseEvalLoss: 2, manifest: { dataset: { rule: 'originals/2' } }, createdAt: factory.now() },
  });
  factory.clock.ms += 1000;
  return id;
}

/**
 * Effects as an engine would give them: everybody helps a little, more or less; rows of `bad` do `harm`; `against` lowers the
 * answers of other rows, by id.
 */
const engineWith =
  (harm: bigint, against: Record<string, string> = {}, norms: Record<string, number> = {}): HarmEngine =>
  async ({ groupOf, probes }) => {
    const probed = new Set(probes.map(({ row }) => row.id));
    return Object.keys(groupOf).map((exampleId, i): RowEffect => {
      const isBad = i % people === 3;
      const victim = against[exampleId] ?? '';
      return {
        ...{ exampleId, net: isBad ? harm : BigInt(20 + (i % people)), gradientNorm: norms[exampleId] ?? 1 },
        ...(probed.has(victim) ? { worstProbe: victim, worst: -9n } : { worstProbe: [...probed][0]!, worst: -1n }),
      };
    });
  };
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error.code as string);
const statusOf = async (id: string) =>
  (await database.db.select({ status: examples.status }).from(examples).where(eq(examples.id, id)))[0]!.status;
const decide = (who: Actor, input: object) =>
  decideFlag(factory, who, decideFlagSchema.parse({ reason: 'Looked at it.', ...input }));

describe('measureHarm', () => {
  it('asks curators about somebody only after two measurements running', async () => {
    const { datanetId } = await insertDatanet('twice');
    const [first, second, third] = [
      await insertAdapter('twice', 1),
      await insertAdapter('twice', 2),
      await insertAdapter('twice', 3),
    ];
    await measureHarm(factory, engineWith(-500n), first, signal);
    expect(await listOpenFlags(database.db, datanetId)).toEqual([]);
    await measureHarm(factory, engineWith(-900n), second, signal);
    await measureHarm(factory, engineWith(-900n), second, signal); // a job may run twice
    const [flag, ...others] = await listOpenFlags(database.db, datanetId);
    expect(others).toEqual([]);
    expect(flag).toMatchObject({ contributor: bad, adapterId: second, decision: null });
    expect(flag!.evidence).toMatchObject({ kind: 'probes', probes: 64, previous: { adapterId: first } });
    expect(flag!.rows).toHaveLength(10);
    await measureHarm(factory, engineWith(-900n), third, signal); // asked already
    expect(await listOpenFlags(database.db, datanetId)).toHaveLength(1);
    expect(await listOwnFlags(database.db, { datanetId, contributor: bad })).toHaveLength(1);
    expect(await listOwnFlags(database.db, { datanetId, contributor: account(11) })).toEqual([]);
    const last = await findLastMeasurement(database.db, datanetId);
    expect(last).toMatchObject({ adapterId: third, probes: 64, contributors: people });
  });

  it('forgets a low measurement that the next one does not confirm', async () => {
    const { datanetId } = await insertDatanet('once');
    for (const [n, harm] of [-500n, 20n, -500n].entries()) {
      await measureHarm(factory, engineWith(harm), await insertAdapter('once', n), signal);
    }
    expect(await listOpenFlags(database.db, datanetId)).toEqual([]);
  });

  it('holds nobody against too few answers, and says so', async () => {
    await insertDatanet('small', 40);
    const id = await insertAdapter('small', 1);
    const engine: HarmEngine = () => Promise.reject(new Error('not asked'));
    await measureHarm(factory, engine, id, signal);
    const [row] = await database.db.select().from(harmMeasurements).where(eq(harmMeasurements.adapterId, id));
    expect(row).toMatchObject({ probes: 0, rows: 0 });
  });
});

describe('a row that contradicts an older one', () => {
  it('is flagged once, is taken out by a curator, and its author reads why', async () => {
    const version = await insertDatanet('poison', 100);
    const [older, newer] = [version.rows[4]!, version.rows[73]!];
    newer.data.prompt = older.data.prompt!;
    newer.data.completion = 'It is blue with white spots.';
    // The version's object is immutable: a second one holds the contradiction.
    const poisoned = await insertVersion(factory, {
      ...{ key: 'poison2', owner: account(1), rowCount: 0, changeRows: () => version.rows },
    });
    await database.db
      .update(trainingRuns)
      .set({ versionId: poisoned.id })
      .where(eq(trainingRuns.id, (await insertAdapter('poison', 1)).replace('ad_', 'run_')));
    await measureHarm(factory, engineWith(20n, { [newer.id]: older.id }), 'ad_poison_1', signal);
    const [flag] = await listRowFlags(database.db, newer.id);
    expect(flag?.evidence).toEqual({
      ...{ kind: 'conflict', olderId: older.id },
      ...{ lowered: '-9', probes: 65, norm: { own: 1000, middle: 1000 } },
    });

    await database.db.update(harmFlags).set({ datanetId: version.datanetId }).where(eq(harmFlags.id, flag!.id));
    const withdraw = { flagId: flag!.id, decision: 'withdraw', exampleIds: [newer.id] };
    expect(await codeOf(decide(actor(5), withdraw))).toBe('datanet_forbidden');
    expect(await codeOf(decide(owner, { ...withdraw, exampleIds: [older.id] }))).toBe('flag_not_found');
    expect((await decide(owner, withdraw)).withdrawn).toEqual([newer.id]);
    expect(await codeOf(decide(actor(2), { ...withdraw, decision: 'keep', exampleIds: [] }))).toBe('flag_decided');
    expect([await statusOf(newer.id), await statusOf(older.id)]).toEqual(['quarantined', 'accepted']);
    const [seen] = await listOwnFlags(database.db, { datanetId: version.datanetId, contributor: newer.contributor });
    expect(seen).toMatchObject({ decision: { decision: 'withdraw', by: account(1), reason: 'Looked at it.' } });
    expect(seen!.rows).toMatchObject([{ exampleId: newer.id, withdrawn: true }]);
  });
});

describe('reports by people', () => {
  const report = (who: Actor, exampleId: string) => reportExample(factory, who, { exampleId, text: 'It is red now.' });

  it('pay the first reporter when a curator agrees and somebody mends the row', async () => {
    const { datanetId, rows } = await insertDatanet('reports');
    const [row, kept] = [rows[0]!, rows[1]!];
    expect(await codeOf(report(actor(10), row.id))).toBe('example_not_reportable'); // the author
    const { flagId } = await report(actor(50), row.id);
    expect(await codeOf(report(actor(50), row.id))).toBe('example_not_reportable');
    expect(await codeOf(report({ kind: 'visitor' }, row.id))).toBe('not_signed_in');
    await report(actor(51), row.id);
    const onKept = await report(actor(2), kept.id);
    expect(await codeOf(decide(actor(2), { flagId: onKept.flagId, decision: 'keep' }))).toBe('own_flag');
    await decide(owner, { flagId: onKept.flagId, decision: 'keep' });
    await decide(owner, { flagId, decision: 'improve' });

    const data = { prompt: row.data.prompt!, completion: 'house 0 is green, said the old man.' };
    const proposal = {
      exampleId: row.id,
      role: 'label' as const,
      data,
      note: 'As reported.',
      idempotencyKey: 'improve-1',
    };
    const { exampleId } = await improveExample(factory, actor(60), proposal);
    await reviewExamples(factory, actor(2), { datanetId, exampleIds: [exampleId], decision: 'accept' });
    expect((await findRoles(database.db, [exampleId])).get(exampleId)).toEqual([
      { role: 'collect', account: account(10) },
      { role: 'review', account: account(1) },
      { role: 'feedback', account: account(50) },
      { role: 'label', account: account(60) },
      { role: 'review', account: account(2) },
    ]);
  });

  it('of a row that was not agreed on pay nobody, nor who mends what they reported', async () => {
    const { rows } = await insertDatanet('unpaid');
    const { flagId } = await report(actor(50), rows[2]!.id);
    const data = { prompt: rows[2]!.data.prompt!, completion: 'house 2 is green.' };
    const proposal = { exampleId: rows[2]!.id, role: 'label' as const, data, note: 'As reported.' };
    const roles = async (who: number, idempotencyKey: string) => {
      const { exampleId } = await improveExample(factory, actor(who), { ...proposal, data, idempotencyKey });
      const found = (await findRoles(database.db, [exampleId])).get(exampleId)!.map(({ role }) => role);
      await database.pool.query('delete from example_derivations where example_id = $1', [exampleId]);
      await database.pool.query('delete from row_checks where example_id = $1', [exampleId]);
      await database.pool.query('delete from examples where id = $1', [exampleId]);
      return found;
    };
    expect(await roles(60, 'improve-2')).toEqual(['collect', 'review', 'label']);
    await decide(owner, { flagId, decision: 'improve' });
    expect(await roles(50, 'improve-3')).toEqual(['collect', 'review', 'label']);
    expect(await roles(60, 'improve-4')).toEqual(['collect', 'review', 'feedback', 'label']);
  });
});
