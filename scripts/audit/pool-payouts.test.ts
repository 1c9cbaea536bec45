import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import { type Address, encodeFunctionData, type Hex, parseEther, sha256, stringToBytes } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { poolPayouts } from '#db/schema/datanet-fees.ts';
import { datanets } from '#db/schema/datanets.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { models, trainingRuns } from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import { findTrainConfigs } from '#lib/model-factory/find-train-configs.ts';
import { listAlarms } from '#lib/platform/alarms/list-alarms.ts';
import { findMergeRoyalties } from '#lib/rewards/find-merge-royalties.ts';
import { payPools } from '#lib/rewards/pay-pools.ts';
import { rebuildPeriod } from '#lib/rewards/period-input.ts';
import { getPeriod } from '#lib/rewards/queries.ts';
import { type PeriodFile, readPeriod } from '#lib/rewards/read-period.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { writePeriod } from '#lib/rewards/write-period.ts';
import { reconcile } from '#lib/solvency/reconcile.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { verifyEpoch } from '../verify-epoch.ts';
import { auditConservation, formatAudit } from './conservation.ts';
import { openGateway, type SeededModel, seedModel } from './test-support/paid-answers.ts';
import { type Channel, openSettlementWorld, type TestSettlementWorld } from './test-support/settlement-world.ts';

let world: TestSettlementWorld;
let gateway: Awaited<ReturnType<typeof openGateway>>;
let seeded: SeededModel;
let channel: Channel;
const [alice, staker, owner, curator] = [devnetAccount(1), devnetAccount(2), devnetAccount(3), devnetAccount(4)];
const [payer, key, baseOwner] = [devnetAccount(5), devnetAccount(7), devnetAccount(6)];
const windowSeconds = 60;
const weekSeconds = 420; // seven of the devnet's days
const pool = poolOf('datanet', 1n);
const split = { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 500 };

beforeAll(async () => {
  world = await openSettlementWorld({ windowSeconds });
  channel = await world.openChannel(payer, key, parseEther('2'));
  await world.index();
  gateway = await openGateway(world);
  seeded = await seedModel(world, {
    ...{ owner: owner.address, curator: curator.address, contributors: [alice.address], split },
    ...{ inputWei: 10n ** 12n + 3n, outputWei: 7n * 10n ** 12n + 1n },
  });
}, 180_000);
afterAll(async () => {
  await gateway?.close();
  await world?.close();
});

const audit = async () => {
  await world.index();
  const { deployment, chain } = world.deps;
  const result = await auditConservation({ pool: world.database.pool, chain, deployment });
  if (result.differences.length > 0) throw new Error(formatAudit(result));
  for (const { heldWei, owedWei } of (await reconcile(world.deps))!) expect(heldWei).toBeGreaterThanOrEqual(owedWei);
};
const settle = async () => {
  await gateway.ask(seeded, channel, 40, { ex_0: 900n });
  await world.chain.passTime(5);
  await world.index();
  const period = (await settleRewardPeriod(world.deps))!;
  await world.chain.passTime(windowSeconds);
  await audit();
  return period;
};
const rewardedWei = async () => {
  const { stakePools, poolVaults, emissionController } = world.addresses;
  const events = await world.deps.chain.getContractEvents({
    ...({ address: stakePools!, abi: stakePoolsAbi, eventName: 'Rewarded', args: { pool }, strict: true } as const),
    fromBlock: 0n,
  });
  const of = (from: Address) =>
    events.filter(({ args }) => args.from === from).reduce((sum, { args }) => sum + args.amount, 0n);
  return { fees: of(poolVaults!), emissions: of(emissionController!) };
};
const earnedBy = async (role: string) =>
  (await world.deps.db.select().from(rewardLines))
    .filter((line) => line.role === role)
    .reduce((sum, line) => sum + line.amountWei, 0n);
const publish = async (account: typeof owner, id: bigint, baseVersion: number, trainConfigHash?: Hex) => {
  const { modelRegistry } = world.addresses;
  const hash: Hex = `0x${String(id).repeat(64)}`;
  const version = {
    ...{ baseVersion, datanetHeadsRoot: hash, trainConfigHash: trainConfigHash ?? hash, adapterHash: hash },
    ...{ evalHash: hash, licenceHash: hash },
  };
  await world.send(account, modelRegistry, modelRegistryAbi, 'publish', [id, version, 'cid']);
  return world.deps.chain.readContract({
    ...({ address: modelRegistry, abi: modelRegistryAbi, functionName: 'hashVersion', args: [version] } as const),
  });
};
/** What the version of the seeded model commits to: how it was made. */
const madeHash = async () =>
  sha256(stringToBytes((await findTrainConfigs(world.deps.db, ['mdl_1'])).get('mdl_1')!.text));
/** Registers the Datanet and the model with a base that asks for a quarter of its part. */
const goOnChain = async () => {
  const { datanetRegistry, modelRegistry } = world.addresses;
  const { db } = world.deps;
  const [datanet] = await db.select().from(datanets);
  const policy = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 };
  await world.send(owner, datanetRegistry, datanetRegistryAbi, 'create', [policy, 0, datanet!.metaHash]);
  await world.send(baseOwner, modelRegistry, modelRegistryAbi, 'register', [1, 0n, split, 'base']);
  await world.send(baseOwner, modelRegistry, modelRegistryAbi, 'setRoyalty', [1n, 2_500]);
  await publish(baseOwner, 1n, 0);
  await world.send(owner, modelRegistry, modelRegistryAbi, 'register', [2, 1n, split, 'child']);
  await db.update(models).set({ versionHash: await publish(owner, 2n, 1, await madeHash()) });
};
const stake = async () => {
  const { openToken, stakePools } = world.addresses;
  await world.send(staker, openToken, openTokenAbi, 'approve', [stakePools!, parseEther('100')]);
  await world.send(staker, stakePools!, stakePoolsAbi, 'stake', [pool, parseEther('100'), staker.address]);
};
/** As governance decides it: in force from the next week on. */
const setGauge = async (bps: number) => {
  const { rpc } = world.chain;
  const { timelockFast, emissionController } = world.addresses;
  await rpc('anvil_impersonateAccount', [timelockFast]);
  await rpc('anvil_setBalance', [timelockFast, '0xde0b6b3a7640000']);
  const data = encodeFunctionData({ abi: emissionControllerAbi, functionName: 'setGauges', args: [[1n], [bps]] });
  const hash = (await rpc('eth_sendTransaction', [{ from: timelockFast, to: emissionController, data }])) as Hex;
  expect((await world.deps.chain.waitForTransactionReceipt({ hash })).status).toBe('success');
  await world.chain.passTime(weekSeconds);
};
const verify = (source: Uint8Array) =>
  verifyEpoch({
    ...{ source, chain: world.deps.chain, deployment: world.deps.deployment },
    findFile: (uri) => join(world.storeDir, uri),
  });
const differs = async (source: Uint8Array) => (await verify(source)).find(({ file, found }) => file !== found)?.what;
const rewrite = (file: PeriodFile) => {
  const { earningsRoot, receiptsRoot, totalWei } = rebuildPeriod(file);
  const parts = { previousLeaves: [...file.previousLeaves], receipts: [...file.receipts] };
  return writePeriod(file.terms, { ...parts, totals: { earningsRoot, receiptsRoot, totalWei: totalWei.toString() } });
};

it('gives pools nothing while nobody is staked and no gauge is set, and says that it looked', async () => {
  await goOnChain();
  const period = await settle();
  expect(await earnedBy('stakers')).toBe(0n);
  expect(await earnedBy('royalty')).toBe((period.netWei * 2_000n) / 9_500n / 4n);
  expect(await payPools(world.deps)).toMatchObject({ stakersWei: 0n, emissionWei: 0n });
  expect(await payPools(world.deps)).toBeNull();
  expect(await listAlarms(world.deps.db)).toEqual([]);
}, 120_000);

it('brings fees to the stakers and matches them with emissions, once, never above the fees', async () => {
  await stake();
  await setGauge(10_000);
  const period = await settle();
  const stakersWei = await earnedBy('stakers');
  expect(stakersWei).toBe((period.netWei * 500n) / 9_500n / 2n);
  const died = [];
  for (const point of ['stakers-paid', 'emissions-released']) {
    const onStep = (step: string) => {
      if (step === point) throw new Error('killed');
    };
    died.push(await payPools({ ...world.deps, onStep }).catch((error: Error) => error.message));
    await world.index();
  }
  expect(died).toEqual(['killed', 'killed']);
  const paid = (await payPools(world.deps))!;
  expect(paid.stakersWei).toBe(stakersWei);
  expect(await rewardedWei()).toEqual({ fees: stakersWei, emissions: paid.emissionWei });
  const file = readPeriod(await world.deps.store.get((await getPeriod(world.deps, 2)).dataKey));
  const [[, before]] = file.terms.previousFees as [[string, string]];
  const feesWei = BigInt(before) + period.protocolFeeWei;
  expect(paid.emissionWei).toBeGreaterThan(0n);
  expect(paid.emissionWei).toBe((feesWei * 250n) / 500n); // m / f of all fees, of the period before, too
  await audit();
  expect(await payPools(world.deps)).toBeNull();
  expect(await world.deps.db.select().from(poolPayouts)).toHaveLength(2);
}, 180_000);

it('lets anyone check whose fees, stakers and bases a file names', async () => {
  const bytes = await world.deps.store.get((await getPeriod(world.deps, 2)).dataKey);
  expect((await verify(bytes)).filter(({ file, found }) => file !== found)).toEqual([]);
  // And by the command, from the first epoch on.
  const { chain, deps, storeDir } = world;
  const deploymentFile = join(storeDir, 'deployment.json');
  writeFileSync(deploymentFile, JSON.stringify(deps.deployment));
  const place = { RPC_URL: chain.url, CHAIN_ID: String(chain.chainId), DEPLOYMENT_FILE: deploymentFile };
  const env = { ...process.env, ...place, OBJECT_STORE_DIR: storeDir, DATABASE_URL: world.database.url };
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/verify-epoch.ts', 'all'], { env });
  expect(stdout.match(/^epoch \d+$/gm)).toEqual(['epoch 1', 'epoch 2']);
  expect(stdout).not.toMatch(/^NO|not checked/m);
  const file = readPeriod(bytes);
  const { terms } = file;
  const [versionId, datanet] = Object.entries(terms.datanets)[0]!;
  const withDatanet = (change: Partial<typeof datanet>) =>
    rewrite({ ...file, terms: { ...terms, datanets: { [versionId]: { ...datanet, ...change } } } });
  expect(await differs(withDatanet({ stakers: null }))).toBe('stakers of Datanet 1');
  expect(await differs(withDatanet({ id: '2' }))).toBe('Datanet 2 on chain');
  expect(await differs(rewrite({ ...file, terms: { ...terms, previousFees: [] } }))).toBe('fees by Datanet before');
  expect(await differs(rewrite({ ...file, terms: { ...terms, stakeBlock: 1 } }))).toContain('between the epoch before');
  const [modelId, model] = Object.entries(terms.models)[0]!;
  const unpaid = { ...terms, models: { [modelId]: { ...model, payees: [] } } };
  expect(await differs(rewrite({ ...file, terms: unpaid }))).toBe(`what model ${modelId} owes to its bases`);
}, 60_000);

it('pays the models of a merge by weight what each asked when it was published, as anyone can check', async () => {
  const { modelRegistry } = world.addresses;
  const { db } = world.deps;
  const register = async (account: typeof owner, id: bigint, bps: number) => {
    await world.send(account, modelRegistry, modelRegistryAbi, 'register', [2, 0n, split, 'part']);
    await world.send(account, modelRegistry, modelRegistryAbi, 'setRoyalty', [id, bps]);
    return publish(account, id, 0);
  };
  const parts = [await register(curator, 3n, 1_000), await register(baseOwner, 4n, 5_000)];
  // Too late for a merge that is published before it holds.
  await world.send(curator, modelRegistry, modelRegistryAbi, 'setRoyalty', [3n, 5_000]);
  const [run] = await db.update(trainingRuns).set({ preset: 'merge' }).returning();
  const [listed] = await db.select().from(models);
  const merged = parts.map((versionHash, i) => ({ versionHash, weightPpm: [700_000, 300_000][i]! }));
  for (const [i, { versionHash, weightPpm }] of merged.entries()) {
    await db.insert(models).values({ ...listed!, id: `mdl_part${i}`, slug: `part-${i}`, versionHash });
    const parent = { runId: run!.id, position: i, modelId: `mdl_part${i}`, adapterId: listed!.adapterId };
    await db.insert(mergeParents).values({ ...parent, versionHash, weightPpm });
  }
  await world.send(owner, modelRegistry, modelRegistryAbi, 'register', [3, 0n, split, 'merge']);
  const versionHash = await publish(owner, 5n, 0, await madeHash());
  await db.update(models).set({ versionHash }).where(eq(models.id, listed!.id));
  const before = await earnedBy('royalty');
  const period = await settle();
  // What the model's page says of it.
  expect(await findMergeRoyalties(world.deps, { id: listed!.id, versionHash })).toEqual([1_000, 5_000]);
  expect(await findMergeRoyalties(world.deps, { id: listed!.id, versionHash: parts[0]! })).not.toEqual([1_000, 5_000]);
  expect(await findMergeRoyalties(world.deps, { id: listed!.id, versionHash: `0x${'0'.repeat(64)}` })).toBeNull();
  const modelWei = (period.netWei * 2_000n) / 9_500n;
  const owed = [(((modelWei * 7n) / 10n) * 1_000n) / 10_000n, (((modelWei * 3n) / 10n) * 5_000n) / 10_000n];
  expect((await earnedBy('royalty')) - before).toBe(owed[0]! + owed[1]!);
  const bytes = await world.deps.store.get((await getPeriod(world.deps, period.number)).dataKey);
  expect((await verify(bytes)).filter(({ file, found }) => file !== found)).toEqual([]);
  const file = readPeriod(bytes);
  const model = file.terms.models.mdl_1!;
  const [first, second] = model.merged!;
  expect(model.merged!.map(({ payees }) => payees.map(([, bps]) => bps))).toEqual([[1_000], [5_000]]);
  const { merged: _, ...unmerged } = model;
  const withTerms = (mdl_1: typeof model, version = file.terms.version) =>
    differs(rewrite({ ...file, terms: { ...file.terms, version, models: { mdl_1 } } }));
  const withModel = (change: Partial<typeof model>) => withTerms({ ...model, ...change });
  expect(await withModel({ merged: [second!] })).toContain('was merged from');
  expect(await withModel({ merged: [{ ...first!, weightPpm: 1 }, second!] })).toContain('was merged from');
  expect(await withModel({ merged: [{ ...first!, payees: [] }, second!] })).toContain(`owes to ${parts[0]}`);
  const other = JSON.stringify({ ...JSON.parse(model.trainConfig!), merged: undefined });
  for (const trainConfig of [other, model.trainConfig!.replace('700000', '600000'), ''])
    expect(await withTerms({ ...unmerged, trainConfig })).toContain('by its hash');
  expect(await withTerms(unmerged)).toContain('was merged from');
  expect(await withTerms(unmerged, 4)).toContain('is no merge');
}, 120_000);

it('says when a pool refuses its money, and the vault keeps it', async () => {
  const { stakePools, poolVaults } = world.addresses;
  await settle();
  // Without its code the pools' contract refuses everything; the chain is put back afterwards.
  const snapshot = await world.chain.rpc('evm_snapshot');
  await world.chain.rpc('anvil_setCode', [stakePools, '0x60006000fd']);
  const paid = (await payPools(world.deps))!;
  expect(paid).toMatchObject({ stakersWei: 0n, emissionWei: 0n });
  expect(await listAlarms(world.deps.db)).toMatchObject([
    { key: 'pools', message: expect.stringContaining('stakers of Datanet 1') },
  ]);
  const args = [pool] as const;
  const vault = await world.deps.chain.readContract({
    address: poolVaults!,
    abi: poolVaultsAbi,
    functionName: 'vaultOf',
    args,
  });
  expect(await world.balanceOf(vault)).toBeGreaterThan(0n);
  await world.chain.rpc('evm_revert', [snapshot]);
}, 120_000);
