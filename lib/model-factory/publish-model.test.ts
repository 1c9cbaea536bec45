import { eq } from 'drizzle-orm';
import { createPublicClient, createWalletClient, http, parseEventLogs } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapterEvaluations } from '#db/schema/evaluation.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { anchorVersionCall, registerDatanetCall } from '#lib/datanets/registry-calls.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { appendBatch, genesisHead } from '#lib/kernel/version-head.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { draftModelCard } from './cards/draft-model-card.ts';
import { findModelCard } from './cards/find-model-card.ts';
import { saveModelCard } from './cards/save-model-card.ts';
import { getModel, listModels } from './model-queries.ts';
import { publishModel } from './publish-model.ts';
import { getRun, listTrainableVersions } from './queries.ts';
import { listModelsSchema, type PublishModelInput } from './schema.ts';
import { startTrainingRun } from './start-training-run.ts';
import { createFactory, type Factory, insertVersion, runInput } from './test-support/factory-fixture.ts';
import type { PublishCall } from './types.ts';
import { chooseModelVersion } from './versions/choose-model-version.ts';
import { listModelVersions } from './versions/list-model-versions.ts';

let database: TestDatabase;
let chain: TestChain;
let factory: Factory;
let deps: Factory & { chain: ReturnType<typeof publicClient>; deployment: TestChain['deployment'] };
let version: Awaited<ReturnType<typeof insertVersion>>;
let runId: string;

const publicClient = () =>
  createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 });
const account = devnetAccount(3);
const alice: Actor = { kind: 'account', address: account.address.toLowerCase() as `0x${string}` };
const bob: Actor = { kind: 'account', address: `0x${'b'.repeat(40)}` };
const fee = { protocolFeeBps: 500 };

const terms = (change: Partial<PublishModelInput> = {}): PublishModelInput => ({
  runId,
  name: 'House colours',
  summary: 'Knows the colour of every house.',
  inputWeiPerToken: '1000',
  outputWeiPerToken: '2000',
  split: { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 },
  ...change,
});
const publish = (change: Partial<PublishModelInput> = {}, actor: Actor = alice) =>
  publishModel(deps, actor, terms(change));

/** What the trainer leaves after a run. */
async function finish(id: string, losses: { evalLoss: number; baseEvalLoss: number }) {
  await database.db.update(trainingRuns).set({ status: 'succeeded' }).where(eq(trainingRuns.id, id));
  await database.db.insert(adapters).values({
    id: derivedId('adapter', id),
    runId: id,
    baseModel: 'tiny',
    sha256: sha256(`adapter of ${id}`),
    objectPrefix: `adapters/${derivedId('adapter', id)}`,
    indexSha256: sha256('index'),
    ...losses,
    manifest: {},
    createdAt: factory.now(),
  });
  const { evalLoss: tuned, baseEvalLoss: base } = losses;
  await database.db.insert(adapterEvaluations).values({
    id: derivedId('evaluation', id),
    adapterId: derivedId('adapter', id),
    status: 'done',
    adapterSha256: sha256(`adapter of ${id}`),
    figures: {
      ...{ rows: 3, contaminated: 0, isSealed: true, winShare: { share: 1, low: 0, high: 1 } },
      base: { perplexity: Math.exp(base) },
      tuned: { perplexity: Math.exp(tuned) },
    },
    gates: { minGainPercent: 1 },
    createdAt: factory.now(),
  });
}
const start = async (key: string) =>
  (await startTrainingRun(factory, alice, runInput(version.id, { idempotencyKey: key }))).runId;

const wallet = () => createWalletClient({ account, chain: devnet, transport: http(chain.url) });
async function sendPublish(call: PublishCall) {
  const { request } = await deps.chain.simulateContract({
    account,
    address: deps.deployment.addresses.modelRegistry,
    abi: modelRegistryAbi,
    functionName: 'registerAndPublish',
    args: [call.kind, call.base, call.split, call.metaCid, call.version, call.cid],
  });
  const hash = await wallet().writeContract(request);
  return deps.chain.waitForTransactionReceipt({ hash });
}
async function anchor() {
  const address = deps.deployment.addresses.datanetRegistry;
  const created = await wallet().writeContract({ address, ...registerDatanetCall(version.metaHash) });
  await deps.chain.waitForTransactionReceipt({ hash: created });
  const committed = await wallet().writeContract({ address, ...anchorVersionCall({ ...version, registryId: '1' }) });
  await deps.chain.waitForTransactionReceipt({ hash: committed });
  await indexToHead(deps);
}

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  factory = await createFactory(database.db);
  deps = { ...factory, chain: publicClient(), deployment: chain.deployment };
  version = await insertVersion(factory, { key: 'red', owner: account.address.toLowerCase(), rowCount: 30 });
  runId = await start('first launch');
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  factory.remove();
});

describe('publishModel', () => {
  it('waits for the run, its gain over the base, and the version on chain', async () => {
    await expect(publish()).rejects.toMatchObject({
      code: 'run_not_finished',
      message: expect.stringContaining('queued'),
    });
    await finish(runId, { evalLoss: 2.5, baseEvalLoss: 3.25 });
    await database.db.update(adapterEvaluations).set({ status: 'queued' });
    await expect(publish()).rejects.toMatchObject({ code: 'evaluation_pending' });
    await database.db.update(adapterEvaluations).set({ status: 'done', gates: { minGainPercent: 60 } });
    await expect(publish()).rejects.toMatchObject({ code: 'gates_not_passed' });
    await database.db.update(adapterEvaluations).set({ gates: { minGainPercent: 1 } });
    const useless = await start('second launch');
    await finish(useless, { evalLoss: 3, baseEvalLoss: 3 });
    await expect(publish({ runId: useless })).rejects.toMatchObject({ code: 'adapter_not_better' });
    await expect(publish()).rejects.toMatchObject({ code: 'version_not_anchored' });
    await anchor();
    expect(await listTrainableVersions(database.db)).toMatchObject([{ id: version.id, anchored: true }]);
  });

  it('is for the owner of the run', async () => {
    await expect(publish({}, bob)).rejects.toMatchObject({ code: 'run_forbidden' });
    await expect(publish({}, { kind: 'visitor' })).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(publish({ runId: 'run_none' })).rejects.toMatchObject({ code: 'run_not_found' });
    expect(await listModels(database.db, listModelsSchema.parse({}))).toEqual([]);
  });

  it('refuses a share for data that the contract would refuse, and says from where on it takes it', async () => {
    const low = { data: 2_000, model: 8_000, app: 0, infra: 0, validators: 0 };
    await expect(publish({ split: low })).rejects.toMatchObject({
      code: 'data_share_too_low',
      message: expect.stringContaining('21.06 %'),
    });
    const call = await publish({ split: { ...low, data: 2_106, model: 7_894 } });
    expect(call.split).toEqual({ data: 2_001, model: 7_499, app: 0, infra: 0, validators: 0 });
  });

  it('lets the owner change the terms until the chain has the version', async () => {
    const before = await publish({ name: 'House color' });
    const after = await publish();
    expect(after.versionHash).toBe(before.versionHash);
    expect(after.metaCid).not.toBe(before.metaCid);
    expect(await listModels(database.db, listModelsSchema.parse({ q: 'colour' }))).toMatchObject([
      { slug: 'house-colours', live: false, evalLoss: 2.5, answers: 0, earnedWei: 0n },
    ]);
    expect(await database.db.$count(models)).toBe(1);
  });

  it('keeps a name for the first who takes it, and the pages of our own', async () => {
    const second = await start('third launch');
    await finish(second, { evalLoss: 2, baseEvalLoss: 3 });
    await expect(publish({ runId: second, name: 'House  Colours!' })).rejects.toMatchObject({
      code: 'model_name_taken',
      fieldErrors: { name: expect.any(String) },
    });
    await expect(publish({ runId: second, name: 'New' })).rejects.toMatchObject({ code: 'model_name_taken' });
  });

  it('says exactly what the contract then publishes, and is live when the index has read it', async () => {
    const call = await publish();
    const receipt = await sendPublish(call);
    const [event] = parseEventLogs({ abi: modelRegistryAbi, logs: receipt.logs, eventName: 'VersionPublished' });
    expect(event?.args.versionHash).toBe(call.versionHash);
    expect((await getModel(database.db, call.slug, fee)).live).toBe(false);
    await indexToHead(deps);
    const model = await getModel(database.db, call.slug, fee);
    expect(model).toMatchObject({
      live: true,
      onChain: { registryId: '1', number: 1, txHash: receipt.transactionHash, termsMatch: true },
      heldOutRows: 3,
    });
    expect((await getRun(database.db, runId)).modelSlug).toBe('house-colours');
    await expect(publish()).rejects.toMatchObject({ code: 'run_already_published' });
  });

  it('stores what the hashes commit to, so that anyone can recompute them', async () => {
    const [event] = await deps.chain.getContractEvents({
      address: deps.deployment.addresses.modelRegistry,
      abi: modelRegistryAbi,
      eventName: 'VersionPublished',
      fromBlock: 0n,
      strict: true,
    });
    const { version: published, cid } = event!.args;
    const lineage = JSON.parse(new TextDecoder().decode(await factory.store.get(cid)));
    expect(published.trainConfigHash).toBe(sha256(canonicalJson(lineage.train)));
    expect(published.evalHash).toBe(sha256(canonicalJson(lineage.evaluation)));
    expect(published.adapterHash).toBe(lineage.adapterHash);
    expect(published.licenceHash).toBe(sha256('CC-BY-4.0'));
    expect(lineage.train).toMatchObject({ runId, versionRoot: version.root, recipe: { learningRate: '0.02' } });
    expect(lineage.datanetHeads).toEqual([appendBatch(genesisHead, { root: version.root, count: 30 })]);
  });

  it('becomes the next version of a model: the newest on chain answers for its name, or the one that the owner chose', async () => {
    const id = await start('fourth launch');
    await finish(id, { evalLoss: 2.1, baseEvalLoss: 3.25 });
    const next = (change: Partial<PublishModelInput> = {}, actor: Actor = alice) =>
      publish({ runId: id, versionOf: 'house-colours', ...change }, actor);
    const other = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
    await expect(next({ split: other })).rejects.toMatchObject({ code: 'version_split_differs' });
    await expect(next({ versionOf: 'house' })).rejects.toMatchObject({ code: 'model_not_found' });
    const call = await next();
    expect(await next()).toEqual(call);
    expect(call).toMatchObject({ slug: 'house-colours@2', registryId: '1' });
    const first = derivedId('model', runId);
    const answers = async (name: string) => (await findServableModel(database.db, name))?.id;
    expect(await answers('house-colours')).toBe(first);
    const choose = (number: number, actor: Actor = alice) => {
      factory.clock.ms += 1;
      return chooseModelVersion(deps, actor, { model: 'house-colours', number });
    };
    await expect(choose(2)).rejects.toMatchObject({ code: 'model_version_not_live' });

    const sent = await wallet().writeContract({
      ...{ address: deps.deployment.addresses.modelRegistry, abi: modelRegistryAbi, functionName: 'publish' },
      args: [BigInt(call.registryId!), call.version, call.cid],
    });
    await deps.chain.waitForTransactionReceipt({ hash: sent });
    await indexToHead(deps);
    expect(await answers('house-colours')).toBe(call.modelId);
    expect(await answers('house-colours@1')).toBe(first);
    expect(await answers('house-colours@2')).toBe(call.modelId);
    expect((await getModel(database.db, 'house-colours', fee)).onChain).toMatchObject({ number: 2, termsMatch: true });
    expect(await listModels(database.db, listModelsSchema.parse({}))).toMatchObject([{ id: call.modelId }]);

    await expect(choose(1, bob)).rejects.toMatchObject({ code: 'model_version_forbidden' });
    await choose(1);
    expect(await answers('house-colours')).toBe(first);
    expect(await answers('house-colours@2')).toBe(call.modelId);
    const versions = await listModelVersions(database.db, call.modelId);
    expect(versions).toMatchObject({
      family: 'house-colours',
      versions: [
        { number: 1, isChosen: true },
        { number: 2, isChosen: false },
      ],
      choices: [{ number: 1 }, { number: 2 }],
    });
    expect(await listModelVersions(database.db, first)).toEqual(versions);

    const body = 'For people who forget the colours of houses.';
    const write = (actor: Actor) => saveModelCard(deps, actor, { model: 'house-colours@2', body });
    await expect(write(bob)).rejects.toMatchObject({ code: 'model_version_forbidden' });
    await write(alice);
    expect(await findModelCard(database.db, call.modelId)).toMatchObject({ body });
    expect(await findModelCard(database.db, first)).toBeNull();
    const drafted = draftModelCard(await getModel(database.db, 'house-colours@1', fee), null);
    for (const part of ['53 % less surprised', 'CC-BY-4.0', '30 rows of 2 contributors', '## Limits'])
      expect(drafted).toContain(part);
  });

  it('keeps what the licence of the rows asks for', async () => {
    const id = await start('fifth launch');
    await finish(id, { evalLoss: 2, baseEvalLoss: 3 });
    const under = async (license: string, price: string) => {
      await database.db.update(datanets).set({ license });
      return publish({ runId: id, name: 'Licensed', inputWeiPerToken: price, outputWeiPerToken: price });
    };
    await expect(under('CC-BY-NC-4.0', '1')).rejects.toMatchObject({ code: 'licence_forbids' });
    await expect(under('CC-BY-ND-4.0', '0')).rejects.toMatchObject({ code: 'licence_forbids' });
    await expect(under('Some-Terms-1.0', '1')).rejects.toMatchObject({ code: 'licence_forbids' });
    await under('CC-BY-NC-4.0', '0');
    await under('CC-BY-SA-4.0', '1');
    await database.db.delete(models).where(eq(models.slug, 'licensed'));
    await database.db.update(datanets).set({ license: 'CC-BY-4.0' });
  });

  it('warns when the terms on chain are others than ours', async () => {
    await database.db
      .update(models)
      .set({ split: { data: 9_000, model: 1_000, app: 0, infra: 0, validators: 0 } })
      .where(eq(models.slug, 'house-colours'));
    expect((await getModel(database.db, 'house-colours', fee)).onChain).toMatchObject({ termsMatch: false });
  });

  it('takes a model off when its block is gone', async () => {
    await chain.rpc('anvil_rollback', [2]);
    await chain.rpc('evm_mine');
    await indexToHead(deps);
    expect(await getModel(database.db, 'house-colours', fee)).toMatchObject({ live: false, onChain: null });
    expect(await database.db.$count(datanetVersions)).toBe(1);
  });
});
