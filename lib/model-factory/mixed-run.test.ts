import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetAccess } from '#db/schema/access.ts';
import { adapterCertificates } from '#db/schema/audits.ts';
import { datanets, datanetVersions, examples } from '#db/schema/datanets.ts';
import { erasures } from '#db/schema/erasure.ts';
import { adapterCopies, adapters, models, trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { rewardPeriods } from '#db/schema/settlement.ts';
import { getContributeAccess } from '#lib/access/get-contribute-access.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { countDatanetFacets } from '#lib/datanets/datanet-facets.ts';
import { eraseRow } from '#lib/datanets/erasure/erase-row.ts';
import { getVersionLineage } from '#lib/datanets/get-version-lineage.ts';
import { findCorrectionPlace } from '#lib/feedback/find-correction-place.ts';
import { mixRoot } from '#lib/kernel/mix.ts';
import { peopleStep } from '#lib/kernel/verification/people-step.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';
import { getVersionFile } from '#lib/mixes/get-version-file.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { buildPeriod } from '#lib/rewards/build-period.ts';
import { loadMixes } from '#lib/rewards/load-mixes.ts';
import { listReceiptPages, loadValidators } from '#lib/rewards/load-period-data.ts';
import { loadRowPools } from '#lib/rewards/load-row-pools.ts';
import { periodInputOf } from '#lib/rewards/period-input.ts';
import type { PeriodTerms } from '#lib/rewards/period-schema.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { createMix } from './create-mix.ts';
import { estimateRun } from './estimate-run.ts';
import { findTrainingSet } from './find-training-set.ts';
import { launchRun } from './launch-run.ts';
import { getRun } from './queries.ts';
import { answerAndAttribute, insertModel, storeRows } from './test-support/attributed-answer.ts';
import { createFactory, type Factory, insertVersion, runInput, tinyRecipe } from './test-support/factory-fixture.ts';
import { testMerges } from './test-support/test-merges.ts';
import { trainRun } from './train-run.ts';

const wallet = (n: number) => `0x${String(n).repeat(40)}` as const;
const [ownerA, ownerB, curatorA, trainer] = [wallet(3), wallet(4), wallet(5), wallet(6)];
const actor: Actor = { kind: 'account', address: trainer };
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
let database: TestDatabase;
let factory: Factory;

/** Rows of a are accepted by a curator, those of b by nobody by name; the last five of b stand in a already. */
beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  const a = await insertVersion(factory, { key: 'a', owner: ownerA, rowCount: 26 });
  const told = (i: number) => ({ prompt: `where sleeps cat number ${i}?`, completion: `cat ${i} sleeps on the mat.` });
  const b = await insertVersion(factory, {
    ...{ key: 'b', owner: ownerB, rowCount: 26 },
    changeRows: (rows) => rows.map((row, i) => ({ ...row, data: i < 21 ? told(i) : a.rows[i]!.data })),
  });
  await insertVersion(factory, { key: 'nd', owner: ownerB, rowCount: 30 });
  await database.db.update(datanets).set({ license: 'CC-BY-ND-4.0' }).where(eq(datanets.id, 'dn_nd'));
  await database.db.update(datanets).set({ license: 'CC-BY-SA-4.0' }).where(eq(datanets.id, 'dn_b'));
  await storeRows(factory, a, curatorA);
  await storeRows(factory, b, null);
});
afterAll(async () => {
  await database.close();
  factory.remove();
});

const parts: ChosenPart[] = [
  { versionId: 'dv_a', tenths: 20 },
  { versionId: 'dv_b', tenths: 10 },
];
const input = (change: object = {}) => ({
  ...runInput('dv_a', { recipe: { ...tinyRecipe, epochs: 2, evalEverySteps: 100, checkpointEverySteps: 100 } }),
  parts,
  ...change,
});

async function versionOf(runId: string) {
  const [row] = await database.db
    .select({ version: datanetVersions, datanet: datanets })
    .from(trainingRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(trainingRuns.id, runId));
  return row!;
}

describe('a run on several versions', () => {
  it('is refused for licences that cannot be kept, rows that are closed, and versions that are one Datanet’s', async () => {
    const mix = (...ids: string[]) =>
      createMix(factory, actor, { parts: ids.map((versionId) => ({ versionId, tenths: 10 })) });
    await expect(mix('dv_a', 'dv_nd')).rejects.toMatchObject({
      ...{ code: 'licences_incompatible', message: expect.stringMatching(/CC-BY-ND-4.0.*CC-BY-4.0/) },
    });
    await expect(mix('dv_a', 'dv_a')).rejects.toMatchObject({ code: 'mix_invalid' });
    await expect(createMix(factory, { kind: 'visitor' }, { parts })).rejects.toMatchObject({ code: 'not_signed_in' });
    await database.db
      .insert(datanetAccess)
      .values({ datanetId: 'dn_b', tier: 'gated', setBy: ownerB, setAt: factory.now() });
    await expect(mix('dv_a', 'dv_b')).rejects.toMatchObject({ code: 'rows_closed' });
    await expect(estimateRun(factory, actor, input())).rejects.toMatchObject({ code: 'rows_closed' });
    await database.db.delete(datanetAccess);
  });

  it('is one mix whoever asks and in whatever order, of nobody’s, that takes no rows and stands in no list', async () => {
    const { runId } = await launchRun(factory, actor, input());
    const again = await launchRun(factory, actor, input({ parts: parts.toReversed(), idempotencyKey: 'once more' }));
    const { version, datanet } = await versionOf(runId);
    expect((await versionOf(again.runId)).version.id).toBe(version.id);
    const roots = await database.db.select().from(datanetVersions);
    const rootOf = (id: string) => roots.find((one) => one.id === id)!.root as `0x${string}`;
    const leaves = parts.map(({ versionId, tenths }) => ({ root: rootOf(versionId), rows: 26, tenths }));
    expect(version).toMatchObject({ root: mixRoot(leaves), rowCount: 52, contributorCount: 2 });
    expect(datanet).toMatchObject({ license: 'CC-BY-SA-4.0', title: 'Data a + Data b', owner: `0x${'0'.repeat(40)}` });
    await expect(
      createMix(factory, actor, { parts: [{ versionId: version.id, tenths: 10 }, parts[0]!] }),
    ).rejects.toMatchObject({ code: 'mix_invalid' });
    await expect(getContributeAccess(factory, actor, datanet.id)).rejects.toMatchObject({ code: 'mix_takes_no_rows' });
    const facets = await countDatanetFacets(database.db, { q: '' });
    expect(facets.domain).toEqual([{ value: 'law', count: 3 }]);
  });

  it('is trained by weight, without what stands in both, and tells who pulls how much', async () => {
    const [run] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.idempotencyKey, 'first launch'));
    const place = { runId: run!.id, workRoot: `${factory.folder}/work`, signal: new AbortController().signal };
    const outcome = await trainRun(factory, trainingEngine({ ENGINE_THREADS: 1 }), place);
    expect(outcome, (await getRun(database.db, run!.id)).errorMessage ?? undefined).toBe('succeeded');
    const [adapter] = await database.db.select().from(adapters).where(eq(adapters.runId, run!.id));
    expect(adapter!.manifest).toMatchObject({
      dataset: {
        rows: 52,
        copies: 5,
        parts: [
          { rows: 26, tenths: 20 },
          { rows: 26, tenths: 10 },
        ],
      },
    });
    const copies = await database.db.select().from(adapterCopies);
    expect(copies.every(({ exampleId, copyOf }) => exampleId.startsWith('ex_b') && copyOf.startsWith('ex_a'))).toBe(
      true,
    );
    const set = (await findTrainingSet(factory, adapter!.id))!;
    const readIn = (part: string) => set.train.filter((row) => row.part === part);
    expect(readIn('dv_a').length + readIn('dv_b').length).toBe(set.train.length);
    expect(new Set(readIn('dv_a').map(({ tenths }) => tenths))).toEqual(new Set([20]));
    const events = await database.db.select().from(trainingEvents).where(eq(trainingEvents.runId, run!.id));
    const perPass = 2 * readIn('dv_a').length + readIn('dv_b').length;
    expect((await getRun(database.db, run!.id)).totalSteps).toBe(2 * Math.ceil(perPass / 8));
    const pulls = events.filter(({ type }) => type === 'gradient').map(({ data }) => data.parts as { part: string }[]);
    expect(new Set(pulls.flat().map(({ part }) => part))).toEqual(new Set(['dv_a', 'dv_b']));
  }, 120_000);

  it('gives receipts that a stranger checks against the parts, and pays the people of each row’s own Datanet', async () => {
    const { db } = database;
    const [adapter] = await db.select().from(adapters);
    const { version } = await versionOf(adapter!.runId);
    const certificate = { status: 'certified' as const, alphaPpm: 700_000, sha256: `0x${'c'.repeat(64)}` };
    await db.insert(adapterCertificates).values({ adapterId: adapter!.id, ...certificate, changedAt: factory.now() });
    await insertModel(factory, {
      id: 'mdl_1',
      slug: 'm',
      owner: trainer,
      adapterId: adapter!.id,
      versionId: version.id,
    });
    await answerAndAttribute({ ...factory, operator }, adapter!, { modelId: 'mdl_1', n: 1 });
    const receipt = await findReceipt(db, 'rcp_1');
    if (receipt?.state !== 'issued' || receipt.body.version === 1) throw new Error('no receipt');
    const { body } = receipt;
    expect((await verifyReceipt(body, receipt.hash, receipt.signature)).filter(({ ok }) => !ok)).toEqual([]);
    expect(body.datanet.root).toBe(version.root);
    // A correction goes where most of what was read stands.
    expect(await findCorrectionPlace(db, 'mdl_1')).toMatchObject({ id: 'dn_a' });
    const bytes = await (await getVersionFile(factory, version)).read();
    const people = async (file: Uint8Array) =>
      peopleStep.check({ body, index: null, evidence: { owners: async () => getVersionLineage(file) } } as never);
    expect(await people(bytes)).toMatchObject({ state: 'ok' });
    const moved = Buffer.from(Buffer.from(bytes).toString().replace('"tenths":20', '"tenths":30'));
    expect(await people(moved)).toMatchObject({ state: 'differs' });
    expect(await people(bytes.subarray(0, bytes.lastIndexOf(10, -2) + 1)).catch(() => 'refused')).toBe('refused');

    const terms = await termsOf(version.id);
    expect(terms.validators[version.id]).toEqual([
      [ownerB, 26 * 10],
      [curatorA, 26 * 20],
    ]);
    expect(terms.mixes).toEqual({
      [version.id]: [
        ['dv_a', 520],
        ['dv_b', 260],
      ],
    });
    expect(terms.rowPools.mdl_1!.rows).toBe(26 * 20 + 21 * 10); // copies have no part
    const receipts = (await Array.fromAsync(listReceiptPages(db, 'rp_1'))).flat();
    const paid = buildPeriod(periodInputOf({ terms, receipts, previousLeaves: [] }));
    const sum = (role: string) =>
      paid.lines.filter((line) => line.role === role).reduce((wei, line) => wei + line.amountWei, 0n);
    expect(paid.lines.reduce((wei, line) => wei + line.amountWei, 0n)).toBe(BigInt(terms.netWei));
    expect(sum('stakers')).toBe(((BigInt(terms.netWei) / 10n / 2n) * 1n * 520n) / 780n); // of a alone, by weight
    expect(paid.datanetFees.map(({ datanet, cumulativeWei }) => [datanet, cumulativeWei])).toEqual([
      [7n, 33n],
      [8n, 17n],
    ]);
  }, 60_000);

  testMerges(() => ({ database, factory }));

  it('forgets a text that is destroyed in its Datanet, keeps its root, and is named on the receipt of the erasure', async () => {
    const { db } = database;
    const [model] = await db.select().from(models).where(eq(models.id, 'mdl_1'));
    const { adapterId } = model!;
    const [adapter] = await db.select().from(adapters).where(eq(adapters.id, adapterId));
    const { version } = await versionOf(adapter!.runId);
    await db
      .update(examples)
      .set({ status: 'withdrawn', withdrawnAt: factory.now() })
      .where(eq(examples.id, 'ex_b_0003'));
    const asked = { requestedBy: wallet(2), requestedAt: factory.now() };
    await db.insert(erasures).values({ exampleId: 'ex_b_0003', datanetId: 'dn_b', ...asked });
    const before = await getVersionFile(factory, version);
    expect(Buffer.from(await before.read()).toString()).toContain('cat number 3?');
    const dropExport = async () => {};
    expect(await eraseRow({ ...factory, operator }, { exampleId: 'ex_b_0003', dropExport })).toBe('erased');
    const after = await getVersionFile(factory, version);
    const bytes = await after.read();
    expect(Buffer.from(bytes).toString()).not.toContain('cat number 3?');
    expect(after.tag).not.toBe(before.tag);
    expect(getVersionLineage(bytes).root).toBe(version.root);
    const [erasure] = await db.select().from(erasures);
    expect(erasure!.receipt).toMatchObject({
      models: expect.arrayContaining([expect.objectContaining({ adapterId })]),
      versions: [{ number: 1 }],
    });
  });
});

/** A period's terms as the settlement collects them, but for what it asks the chain: there a is Datanet 7 with stakers, b 8 without. */
async function termsOf(versionId: string): Promise<PeriodTerms> {
  const { db } = database;
  const zero = `0x${'0'.repeat(64)}` as const;
  await db.insert(rewardPeriods).values({
    ...{ id: 'rp_1', number: 1, status: 'closed', receiptCount: 1, grossWei: 1000n, protocolFeeWei: 50n, netWei: 950n },
    ...{ totalWei: 0n, root: zero, receiptsRoot: zero, dataKey: '', closedAt: factory.now() },
  });
  await database.pool.query(`update receipts set reward_period_id = 'rp_1'`);
  const onChain = (id: string, stakers: `0x${string}` | null) => ({ id, metaCid: zero, stakers });
  return {
    ...{ version: 4, chainId: 1, attributionLedger: wallet(1), revenueRouter: wallet(1), number: 1 },
    ...{ protocolFeeBps: 500, grossWei: '1000', protocolFeeWei: '50', netWei: '950', previousRoot: null },
    ...{ appAccount: wallet(9), infraAccount: wallet(9), channels: [], previousFees: [], stakeBlock: 0, models: {} },
    validators: await loadValidators(db, [versionId]),
    rowPools: await loadRowPools(db, ['mdl_1']),
    datanets: { dv_a: onChain('7', wallet(7)), dv_b: onChain('8', null) },
    mixes: await loadMixes(db, [versionId]),
  };
}
