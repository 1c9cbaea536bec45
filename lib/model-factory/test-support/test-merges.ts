import { mkdtemp } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { beforeAll, describe, expect, it } from 'vitest';
import { adapterAudits } from '#db/schema/audits.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapterEvaluations } from '#db/schema/evaluation.ts';
import { passOffers } from '#db/schema/model-passes.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { findCertificate } from '#lib/audits/queries.ts';
import { requestCertifications } from '#lib/audits/request-certification.ts';
import { runAudit } from '#lib/audits/run-audit.ts';
import { requestSetEvaluation } from '#lib/evaluation/request-set-evaluation.ts';
import { saveEvaluationSet } from '#lib/evaluation/save-evaluation-set.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { loadRowPools } from '#lib/rewards/load-row-pools.ts';
import { findRun } from '#scripts/reproduce/find-run.ts';
import { reproduceRun } from '#scripts/reproduce/reproduce-run.ts';
import type { TestDatabase } from '#scripts/test/postgres.ts';
import { auditEngine } from '#worker/jobs/audit-adapter.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { draftModelCard } from '../cards/draft-model-card.ts';
import { findTrainConfigs } from '../find-train-configs.ts';
import { findTrainingSet } from '../find-training-set.ts';
import { listMergeParents } from '../list-merge-parents.ts';
import { launchMerge } from '../merges/launch-merge.ts';
import { getModel } from '../model-queries.ts';
import { publishModel } from '../publish-model.ts';
import { getRun } from '../queries.ts';
import { trainRun } from '../train-run.ts';
import type { PublishCall } from '../types.ts';
import { answerAndAttribute, insertModel } from './attributed-answer.ts';
import type { Factory, tinyRecipe } from './factory-fixture.ts';

const wallet = (n: number) => `0x${String(n).repeat(40)}` as const;
const [ownerB, merger] = [wallet(4), wallet(6)];
const as = (address: `0x${string}`): Actor => ({ kind: 'account', address });
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const split = { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 };
type World = { database: TestDatabase; factory: Factory };

/**
 * A merge from launch to receipt, of two models: one of the mix of `dv_a` and `dv_b` whose run is there already, and one of `dv_b` alone. Training
 * is what costs, so the second has the bytes of the first: what follows goes by its rows.
 */
export function testMerges(world: () => World): void {
  let database: TestDatabase;
  let factory: Factory;
  /** The merge's publication. */
  let call: PublishCall;
  const mixedHash = `0x${'9'.repeat(64)}` as const;
  let block = 0;
  const onChain = (contract: string, name: string, subject: string, args: Record<string, string | number>) => {
    block += 1;
    const place = { blockNumber: block, logIndex: 0, blockHash: sha256('block'), txHash: sha256(`tx ${block}`) };
    return database.db.insert(chainEvents).values({ ...place, contract, name, subject, args });
  };
  const publishEvent = (versionHash: string, id: string) =>
    onChain('modelRegistry', 'VersionPublished', versionHash, { id, number: 1 });
  /** Registers a Datanet and accepts its version, as the chain tells it. */
  const anchor = async (id: string, versionId: string) => {
    const [found] = await database.db
      .select({ root: datanetVersions.root, metaHash: datanets.metaHash, owner: datanets.owner })
      .from(datanetVersions)
      .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
      .where(eq(datanetVersions.id, versionId));
    const { root, metaHash, owner } = found!;
    await onChain('datanetRegistry', 'DatanetCreated', metaHash, { id, owner });
    await onChain('datanetRegistry', 'BatchAccepted', root, { id, head: sha256(root) });
  };

  async function work(runId: string) {
    const place = { runId, workRoot: `${factory.folder}/work`, signal: new AbortController().signal };
    const outcome = await trainRun(factory, trainingEngine({ ENGINE_THREADS: 1 }), place);
    expect(outcome, (await getRun(database.db, runId)).errorMessage ?? undefined).toBe('succeeded');
    const [adapter] = await database.db.select().from(adapters).where(eq(adapters.runId, runId));
    return adapter!;
  }

  const merge = (weights: Record<string, number>, idempotencyKey = 'first merge') =>
    launchMerge(factory, as(merger), {
      ...{ name: 'Cats and houses', idempotencyKey },
      models: Object.entries(weights).map(([model, weightPpm]) => ({ model, weightPpm })),
    });

  describe('a weighted merge', () => {
    beforeAll(async () => {
      ({ database, factory } = world());
      const { db } = database;
      const [mixed] = await db.select().from(adapters);
      const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.id, mixed!.runId));
      const again = { id: 'run_b', owner: ownerB, versionId: 'dv_b', idempotencyKey: 'b', preset: 'custom' };
      await db.insert(trainingRuns).values({ ...run!, ...again });
      const dataset = { rule: 'originals/3', rows: 26, copies: 0 };
      await db
        .insert(adapters)
        .values({ ...mixed!, id: 'ad_b', runId: 'run_b', manifest: { ...mixed!.manifest, dataset } });
      const model = { id: 'mdl_b', slug: 'model-b', owner: ownerB, adapterId: 'ad_b', versionId: 'dv_b' };
      await insertModel(factory, { ...model, versionHash: sha256('version b') });
      await publishEvent(mixedHash, '1');
      await publishEvent(sha256('version b'), '2');
      await anchor('1', 'dv_a');
      await anchor('2', 'dv_b');
    });

    it('takes live models of one base, of a rank that is served, under licences that allow it', async () => {
      const { db } = database;
      await expect(merge({ m: 500_000, 'model-x': 500_000 })).rejects.toMatchObject({ code: 'merge_invalid' });
      const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.id, 'run_b'));
      const recipe = run!.recipe as typeof tinyRecipe;
      const change = (r: number) =>
        db
          .update(trainingRuns)
          .set({ recipe: { ...recipe, lora: { ...recipe.lora, r } } })
          .where(eq(trainingRuns.id, run!.id));
      await change(63);
      await expect(merge({ m: 500_000, 'model-b': 500_000 })).rejects.toMatchObject({
        ...{ code: 'merge_rank_too_high', message: expect.stringContaining('rank 65') },
      });
      await change(2);
      await db.update(datanets).set({ license: 'CC-BY-ND-4.0' }).where(eq(datanets.id, 'dn_b'));
      await expect(merge({ m: 500_000, 'model-b': 500_000 })).rejects.toThrow('Only its owner can merge it');
      await db.update(datanets).set({ license: 'CC-BY-SA-4.0' }).where(eq(datanets.id, 'dn_b'));
      const offer = { id: 'po_1', familyId: 'mdl_b', setBy: ownerB, setAt: factory.now() };
      await db.insert(passOffers).values({ ...offer, access: 'holders' });
      await expect(merge({ m: 500_000, 'model-b': 500_000 })).rejects.toThrow('for holders of a pass');
      await db.delete(passOffers);
      await db.update(adapters).set({ baseModel: 'other' }).where(eq(adapters.runId, run!.id));
      await expect(merge({ m: 500_000, 'model-b': 500_000 })).rejects.toThrow('two bases');
      await db.update(adapters).set({ baseModel: 'tiny' }).where(eq(adapters.runId, run!.id));
    });

    it('is a run on the mix of their versions, credits what they were trained on, and is measured on what none was', async () => {
      const { runId } = await merge({ m: 250_000, 'model-b': 750_000 });
      expect(await merge({ m: 250_000, 'model-b': 750_000 })).toEqual({ runId });
      const run = await getRun(database.db, runId);
      expect(run).toMatchObject({ status: 'queued', preset: 'merge', datanet: { title: 'Data a + Data b' } });
      const parts = await listMixParts(database.db, run.version.id);
      expect(parts.map(({ versionId, tenths }) => [versionId, tenths])).toEqual([
        ['dv_a', 5],
        ['dv_b', 10],
      ]);
      const adapter = await work(runId);
      expect(adapter.manifest).toMatchObject({
        ...{ recipe: { lora: { r: 4, loraAlpha: 4 } }, dataset: { rule: 'merged/1', copies: 5 }, attributable: false },
        merge: (await listMergeParents(database.db, runId)).map(({ adapterSha256, weightPpm }) => ({
          ...{ adapterSha256: adapterSha256.slice(2), weightPpm },
        })),
      });
      expect(adapter.evalLoss).toBeLessThan(adapter.baseEvalLoss);
      const set = (await findTrainingSet(factory, adapter.id))!;
      const parents = await database.db.select().from(adapters);
      const sets = await Promise.all(
        parents.filter(({ id }) => id !== adapter.id).map(({ id }) => findTrainingSet(factory, id)),
      );
      const trained = new Set(sets.flatMap((one) => one!.train.map(({ id }) => id)));
      expect(set.heldOut.length).toBeGreaterThan(0);
      expect(set.heldOut.some(({ id }) => trained.has(id))).toBe(false);
      expect(set.train.some(({ id }) => set.heldOut.some((row) => row.id === id))).toBe(false);
      // Words that stand in both are the older row's.
      expect(set.train.some(({ id }) => set.copies.some((copy) => copy.id === id))).toBe(false);
      const measured = new Set(set.heldOut.map(({ id }) => id));
      expect(set.copies.some(({ id }) => trained.has(id))).toBe(true);
      expect(set.copies.some(({ id, copyOf }) => trained.has(id) && measured.has(copyOf))).toBe(false);
    }, 60_000);

    it('is put together again to the same bits from what was published, and said to differ with other weights', async () => {
      const [run] = await database.db.select().from(trainingRuns).where(eq(trainingRuns.preset, 'merge'));
      const deps = { db: database.db, store: factory.store, engine: trainingEngine({ ENGINE_THREADS: 1 }) };
      const folder = await mkdtemp(`${factory.folder}/again-`);
      const recorded = await findRun(deps, { runId: run!.id }, folder);
      const place = { modelDir: `${factory.folder}/models/tiny`, outDir: `${folder}/adapter`, threads: 1 };
      const same = await reproduceRun(recorded, place);
      expect(same.comparisons.filter(({ recorded: one, found }) => one !== found)).toEqual([]);
      expect(same.comparisons.map(({ what }) => what)).toContain('merged models and weights');
      expect(same.largestDifference).toBe(0);
      const parents = recorded.parents!.map((parent) => ({ ...parent, weightPpm: 500_000 }));
      const other = await reproduceRun({ ...recorded, parents }, place);
      const wrong = other.comparisons.filter(({ recorded: one, found }) => one !== found).map(({ what }) => what);
      expect(wrong).toEqual(expect.arrayContaining(['merged models and weights', 'adapter']));
    }, 60_000);

    it('is published as a merge, whose hash on chain names the models and weights that its royalties go by', async () => {
      const { db } = database;
      const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.preset, 'merge'));
      const [adapter] = await db.select().from(adapters).where(eq(adapters.runId, run!.id));
      const { setId } = await saveEvaluationSet(factory, as(merger), {
        ...{ name: 'Mine', questions: [{ question: 'who?', answer: null }] },
      });
      await requestSetEvaluation(factory, as(merger), { runId: run!.id, setId });
      const measured = await db.select().from(adapterEvaluations).where(eq(adapterEvaluations.setId, setId));
      expect(new Set(measured.map(({ adapterId }) => adapterId)).size).toBe(3); // the merge and its models
      const figures = { rows: 3, contaminated: 0, isSealed: true, winShare: { share: 1, low: 0, high: 1 } };
      const perplexity = { base: { perplexity: 3 }, tuned: { perplexity: 2 } };
      await db.insert(adapterEvaluations).values({
        ...{ id: 'ev_1', adapterId: adapter!.id, adapterSha256: adapter!.sha256, status: 'done' },
        ...{ figures: { ...figures, ...perplexity }, gates: { minGainPercent: 1 }, createdAt: factory.now() },
      });
      const deployment = { ...factory.deployment, config: { protocolFeeBps: 500, windowSeconds: 60 } };
      call = await publishModel({ ...factory, deployment }, as(merger), {
        ...{ runId: run!.id, name: 'Merged', summary: 'Knows houses and cats.', split },
        ...{ inputWeiPerToken: '1000', outputWeiPerToken: '2000' },
      });
      expect(call.kind).toBe(3);
      const { train } = JSON.parse(Buffer.from(await factory.store.get(call.cid)).toString());
      expect(train.merged).toEqual([
        { versionHash: mixedHash, weightPpm: 250_000 },
        { versionHash: sha256('version b'), weightPpm: 750_000 },
      ]);
      const made = await findTrainConfigs(db, [call.modelId, 'mdl_b']);
      expect(made.get(call.modelId)!.merged).toEqual(train.merged);
      expect(sha256(made.get(call.modelId)!.text)).toBe(call.version.trainConfigHash);
      expect(made.get('mdl_b')!.merged).toEqual([]);
      expect(made.get('mdl_b')!.text).not.toContain('merged');
      await publishEvent(call.versionHash, '3');
      const model = await getModel(db, call.slug, deployment.config);
      expect(model).toMatchObject({ live: true, merged: [{ slug: 'm' }, { slug: 'model-b' }] });
      expect(model.heldOutRows).toBe((await findTrainingSet(factory, adapter!.id))!.heldOut.length);
      expect(draftModelCard(model, null)).toContain('25 % [m](/models/m), 75 % [model-b]');
    });

    it('is refused a certificate, since no training gives it, and its receipts pay by equal share and weight', async () => {
      const { db } = database;
      const [run] = await db.select().from(trainingRuns).where(eq(trainingRuns.preset, 'merge'));
      const [adapter] = await db.select().from(adapters).where(eq(adapters.runId, run!.id));
      const deps = { ...factory, env: { ...factory.env, AUDIT_CPU_SECONDS: 60, ENGINE_THREADS: 1 } };
      await requestCertifications(deps);
      const [audit] = await db.select().from(adapterAudits).where(eq(adapterAudits.adapterId, adapter!.id));
      const signal = new AbortController().signal;
      expect(await runAudit(deps, auditEngine(deps), { auditId: audit!.id, signal })).toBe('ended');
      expect(await findCertificate(db, adapter!.id)).toMatchObject({ status: 'refused', alphaPpm: 0 });
      const [ended] = await db.select().from(adapterAudits).where(eq(adapterAudits.id, audit!.id));
      expect(ended!.reasons).toEqual(['merged']);

      await answerAndAttribute({ ...factory, operator }, adapter!, { modelId: call.modelId, n: 2 });
      const receipt = await findReceipt(db, 'rcp_2');
      if (receipt?.state !== 'issued' || receipt.body.version === 1) throw new Error('no receipt');
      expect((await verifyReceipt(receipt.body, receipt.hash, receipt.signature)).filter(({ ok }) => !ok)).toEqual([]);
      expect(receipt.body.attribution.commonPpm).toBe(1_000_000);
      const pools = await loadRowPools(db, [call.modelId]);
      expect(pools[call.modelId]!.rows).toBe(26 * 5 + 21 * 10); // copies have no part

      // A merge is not merged again.
      await expect(merge({ m: 500_000, merged: 500_000 }, 'merge of a merge')).rejects.toThrow('is a merge itself');
    }, 60_000);
  });
}
