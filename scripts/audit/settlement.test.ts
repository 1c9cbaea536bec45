import { join } from 'node:path';
import { eq, isNull, ne } from 'drizzle-orm';
import { type Address, encodeFunctionData, type Hex, parseEther, stringToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { receipts } from '#db/schema/models.ts';
import { chainTransactions, ledgerEntries, rewardLines, rewardPeriods, rewardRowPools } from '#db/schema/settlement.ts';
import { getVersionLineage } from '#lib/datanets/get-version-lineage.ts';
import type { ChargeReceipt } from '#lib/kernel/charge-receipt.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { packEarningsLeaves } from '#lib/kernel/merkle-leaf.ts';
import { passReceiptSchema } from '#lib/kernel/pass-receipt.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { ChainEpoch, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { verifyCharge } from '#lib/kernel/verification/verify-charge.ts';
import { getVersionFile } from '#lib/mixes/get-version-file.ts';
import { listAlarms } from '#lib/platform/alarms/list-alarms.ts';
import { listEarningsByModel, listEarningsByPeriod, listEarningsByRow, listStatement } from '#lib/rewards/breakdown.ts';
import { claimVouchers } from '#lib/rewards/claim-vouchers.ts';
import { findChainEpoch } from '#lib/rewards/find-chain-epoch.ts';
import { getReceiptProof } from '#lib/rewards/get-receipt-proof.ts';
import { listPeriodParts } from '#lib/rewards/list-period-parts.ts';
import { getPeriod, getRewards, listPeriods } from '#lib/rewards/queries.ts';
import { readPeriod } from '#lib/rewards/read-period.ts';
import { getReceiptSettlement } from '#lib/rewards/receipt-settlement.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { listReconciliations } from '#lib/solvency/queries.ts';
import { reconcile } from '#lib/solvency/reconcile.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { checkDatanets } from '../verify/check-datanets.ts';
import { checkPeriod } from '../verify/check-period.ts';
import { compareReceipts, verifyEpoch } from '../verify-epoch.ts';
import { judgeEpoch } from './test-support/judge-epoch.ts';
import { certifyModel, openGateway, type SeededModel, seedModel } from './test-support/paid-answers.ts';
import { payPass } from './test-support/paid-pass.ts';
import { payTask } from './test-support/paid-task.ts';
import { payTraining } from './test-support/paid-training.ts';
import { seedMix } from './test-support/seed-mix.ts';
import { rewrite, settlementTools } from './test-support/settlement-tools.ts';
import { type Channel, openSettlementWorld, type TestSettlementWorld } from './test-support/settlement-world.ts';

let world: TestSettlementWorld;
let gateway: Awaited<ReturnType<typeof openGateway>>;
let seeded: SeededModel;
let channels: [Channel, Channel];
let tools: ReturnType<typeof settlementTools>;
const audit = () => tools.audit();
const claimAll = (account: ReturnType<typeof devnetAccount>) => tools.claimAll(account);
const place = () => tools.place();

const [alice, bob, owner, curator] = [devnetAccount(1), devnetAccount(2), devnetAccount(3), devnetAccount(4)];
const [payerA, payerB, keyA, keyB] = [devnetAccount(5), devnetAccount(6), devnetAccount(7), devnetAccount(8)];
const app = devnetAccount(9);
const treasury = devnetAccount(11).address;
const lower = (account: { address: Address }) => account.address.toLowerCase() as Address;
const windowSeconds = 60;
const split = { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 500 };

beforeAll(async () => {
  world = await openSettlementWorld({ windowSeconds });
  tools = settlementTools(world);
  channels = [await world.openChannel(payerA, keyA, parseEther('2')), await world.openChannel(payerB, keyB, 10_000n)];
  await world.index();
  gateway = await openGateway(world);
  seeded = await seedModel(world, {
    owner: owner.address,
    curator: curator.address,
    contributors: [alice.address, alice.address, bob.address],
    split,
    inputWei: 1_000_003n,
    outputWei: 7_000_001n,
  });
}, 180_000);
afterAll(async () => {
  await gateway?.close();
  await world?.close();
});

describe('settlement', () => {
  it('does nothing while nobody was charged', async () => {
    expect(await settleRewardPeriod(world.deps)).toBeNull();
    await gateway.ask(seeded, null, 5, { ex_0: 5n });
    expect(await settleRewardPeriod(world.deps)).toBeNull(); // a free answer alone is no period
    await audit();
  });

  it('carries a charge from the voucher to the payees, to the wei', async () => {
    const { feeWei } = await gateway.ask(seeded, channels[0], 20, { ex_0: 900n, ex_2: 300n });
    // The first is paid flat, since nothing is certified yet; of the second, four fifths by name.
    await certifyModel(world, 800_000);
    await gateway.ask(seeded, channels[0], 11, { ex_2: 50n });
    const charged = await audit();
    expect(charged['charged, vouchers not claimed yet']).toBeGreaterThan(feeWei);
    const treasuryBefore = await world.balanceOf(treasury);

    const period = (await settleRewardPeriod(world.deps))!;
    expect(period).toMatchObject({ number: 1, status: 'submitted', receiptCount: 3 });
    const [paid] = await world.deps.db.select().from(receipts).where(ne(receipts.feeWei, 0n));
    expect(period.grossWei).toBe(charged['charged, vouchers not claimed yet']);
    expect(period.protocolFeeWei).toBe((period.grossWei * 500n) / 10_000n);
    expect((await world.balanceOf(treasury)) - treasuryBefore).toBe(period.protocolFeeWei);

    const statement = await audit();
    expect(statement['payable after the challenge window']).toBe(period.netWei);
    expect(statement['charged, vouchers not claimed yet']).toBe(0n);
    expect(await getPeriod(world.deps, 1)).toMatchObject({ state: 'pending', epochId: 1, netWei: period.netWei });
    expect((await getReceiptSettlement(world.deps, paid!.id)).period).toMatchObject({ number: 1, state: 'pending' });
    const rewards = await getRewards(world.deps, alice.address);
    expect(rewards).toMatchObject({ claimableWei: 0n, claim: null, claimedWei: 0n });
    expect(rewards.pendingWei).toBeGreaterThan(0n);
    expect(rewards.pendingUntil).toBeInstanceOf(Date);
  });

  it('lets anyone recompute the root from the public file and the chain', async () => {
    const period = await getPeriod(world.deps, 1);
    const bytes = await world.deps.store.get(period.dataKey);
    const verify = (source: Uint8Array) => verifyEpoch({ ...place(), source });
    const comparisons = await verify(bytes);
    expect(comparisons.length).toBeGreaterThan(10);
    for (const { what, file, found } of comparisons) expect(`${what} ${found}`).toBe(`${what} ${file}`);
    const differs = async (source: Uint8Array) =>
      (await verify(source)).find(({ file, found }) => file !== found)?.what;
    const shifted = new TextDecoder().decode(bytes).replace(/"feeWei":"(\d*)1"/, '"feeWei":"$12"');
    expect(await differs(new TextEncoder().encode(shifted))).toBe('gross = sum of fees');
    // A publisher that brings leaves from nowhere: everything in its file follows from everything else in it.
    const file = { ...readPeriod(bytes), previousLeaves: [[lower(curator), '5']] as [Address, string][] };
    expect(await differs(rewrite(file))).toBe('root of the leaves before');
    const previousRoot = buildTree(packEarningsLeaves([{ account: lower(curator), cumulativeWei: 5n }])).root;
    expect(await differs(rewrite({ ...file, terms: { ...file.terms, previousRoot } }))).toBe(
      'an earlier epoch has that root',
    );
    // Or fees, for emissions to be matched to.
    const { terms } = readPeriod(bytes);
    const fees = rewrite({ ...readPeriod(bytes), terms: { ...terms, previousFees: [['1', '5']] } });
    expect(await differs(fees)).toBe('fees by Datanet before');
  });

  it('finds a receipt that two epochs paid', async () => {
    const bytes = await world.deps.store.get((await getPeriod(world.deps, 1)).dataKey);
    const paid = new Map();
    expect(compareReceipts(bytes, paid).found).toBe('no receipt');
    const file = readPeriod(bytes);
    const previousRoot = file.readTotals()!.earningsRoot;
    const again = rewrite({ ...file, terms: { ...file.terms, previousRoot, netWei: '77' } });
    expect(compareReceipts(again, paid).found).toBe([...file.receipts][0]!.id);
  });

  it('pays by one claim exactly what the rewards page promised, once', async () => {
    await expect(claimAll(alice)).rejects.toThrow('nothing to claim');
    await world.chain.passTime(windowSeconds);
    await audit();
    const { promisedWei, receivedWei } = await claimAll(alice);
    expect(receivedWei).toBe(promisedWei);
    expect(receivedWei).toBeGreaterThan(0n);
    await expect(claimAll(alice)).rejects.toThrow('nothing to claim');
    expect(await getRewards(world.deps, alice.address)).toMatchObject({ claimedWei: receivedWei, claimableWei: 0n });
    expect((await audit())['claimed by payees']).toBe(receivedWei);
  });

  it('offers no claim while a contract holds less than it owes, says so, and offers it again afterwards', async () => {
    const { attributionLedger, openToken } = world.addresses;
    const { rpc } = world.chain;
    const [ledger] = (await reconcile(world.deps))!.filter(({ contract }) => contract === 'attributionLedger');
    expect(ledger).toMatchObject({ heldWei: ledger!.owedWei });
    const { claim } = await getRewards(world.deps, bob.address);
    const snapshot = await rpc('evm_snapshot');
    const data = encodeFunctionData({ abi: openTokenAbi, functionName: 'transfer', args: [alice.address, 1n] });
    await tools.sendAs(attributionLedger, openToken, data);
    await world.index();
    await reconcile(world.deps);
    const short = await getRewards(world.deps, bob.address);
    expect(short).toMatchObject({ claim: null, shortage: { contract: 'attributionLedger' } });
    expect(short.claimableWei).toBe((claim?.cumulativeWei ?? 0n) - short.claimedWei);
    expect(await listAlarms(world.deps.db)).toMatchObject([
      { key: 'short:attributionLedger', message: expect.stringContaining('are missing') },
    ]);
    expect(await listReconciliations(world.deps.db)).toContainEqual(
      expect.objectContaining({
        contract: 'attributionLedger',
        heldWei: ledger!.owedWei - 1n,
        owedWei: ledger!.owedWei,
      }),
    );
    await rpc('evm_revert', [snapshot]);
    await world.index();
    await reconcile(world.deps);
    expect(await getRewards(world.deps, bob.address)).toMatchObject({ claim, shortage: null });
    expect(await listAlarms(world.deps.db)).toEqual([]);
  });

  it('explains earnings by model, row, period and receipt, with the same sum', async () => {
    const { db } = world.deps;
    const { earnedWei } = await getRewards(world.deps, bob.address);
    const sum = (rows: { amountWei: bigint }[]) => rows.reduce((total, row) => total + row.amountWei, 0n);
    expect(earnedWei).toBeGreaterThan(0n);
    expect(sum(await listEarningsByModel(db, bob.address))).toBe(earnedWei);
    expect(await listEarningsByPeriod(db, bob.address)).toMatchObject([{ number: 1, amountWei: earnedWei }]);
    const statement = await listStatement(db, bob.address);
    expect(sum(statement)).toBe(earnedWei);
    const [newest, ...older] = statement;
    expect(await listStatement(db, bob.address, { before: newest!.id })).toEqual(older);
    // The flat answer paid the version's people, the certified one by name and, from the pool, like that.
    const kinds = statement.map((row) => [row.role, row.receiptId === null, row.modelSlug, row.periodNumber]);
    expect(kinds).toEqual([
      ['common', true, 'settled', 1],
      ['common', false, 'settled', 1],
      ['data', false, 'settled', 1],
    ]);
    expect(newest!.at).toEqual((await getPeriod(world.deps, 1)).closedAt);
    const [row, ...others] = await listEarningsByRow(db, bob.address);
    expect(row).toMatchObject({ exampleId: 'ex_2', answers: 1, amountWei: sum(older) });
    expect(others).toEqual([]);
  });

  it('pays flat answers by equal rows, certified ones like their source, each row by its roles', async () => {
    const paid = await world.deps.db.select().from(receipts).where(ne(receipts.feeWei, 0n)).orderBy(receipts.id);
    const { grossWei, netWei } = await getPeriod(world.deps, 1);
    const [flatWei, certifiedWei] = paid.map(({ feeWei }) => (netWei * feeWei * 6_000n) / (grossWei * 9_500n)) as [
      bigint,
      bigint,
    ];
    const lines = await world.deps.db.select().from(rewardLines);
    const expectPart = (who: Parameters<typeof lower>[0], role: string, receiptId: string | null, wei: bigint) => {
      const line = lines.find((one) => one.account === lower(who) && one.role === role && one.receiptId === receiptId);
      expect(Number((line?.amountWei ?? 0n) - wei)).toBeCloseTo(0, -1); // a wei a rounding
    };
    expectPart(bob, 'common', null, (flatWei * 95n) / 300n);
    expectPart(alice, 'common', null, (flatWei * 190n) / 300n);
    expectPart(curator, 'common', null, flatWei / 20n);
    const certified = paid[1]!.id;
    expectPart(bob, 'data', certified, (certifiedWei * 4n * 95n) / 500n);
    expectPart(bob, 'common', certified, (certifiedWei * 95n) / 500n);
    expectPart(curator, 'data', certified, (certifiedWei * 4n) / 100n);
    expectPart(curator, 'common', certified, certifiedWei / 100n);
    expect(lines.filter(({ role }) => role === 'data' || role === 'common')).toHaveLength(7);
    const parts = await listPeriodParts(world.deps.db, lines[0]!.periodId);
    expect(parts.reduce((sum, part) => sum + part.amountWei, 0n)).toBe(netWei);
    expect(parts.find(({ role, byRows }) => role === 'common' && byRows)?.accounts).toBe(3);
    expect(parts.find(({ role, byRows }) => role === 'common' && !byRows)?.accounts).toBe(2);
    const left = lines.filter(({ receiptId }) => receiptId === null).reduce((sum, line) => sum + line.amountWei, 0n);
    expect(await world.deps.db.select().from(rewardRowPools)).toMatchObject([
      { modelId: 'mdl_1', rowCount: 3, amountWei: left },
    ]);
  });

  it('pays nothing twice and loses nothing when it dies after any step', async () => {
    const died: string[] = [];
    const before = await world.balanceOf(treasury);
    await gateway.ask(seeded, channels[0], 9, { ex_1: 4n, ex_2: 9n });
    for (let attempt = 0; ; attempt++) {
      let seen = -1;
      const dying = {
        ...world.deps,
        onStep: (step: string) => {
          seen += 1;
          if (!died.includes(step)) {
            died.push(step);
            throw new Error(`killed at ${step}`);
          }
        },
      };
      const result = await settleRewardPeriod(dying).catch((error: Error) => error.message);
      await audit();
      if (typeof result !== 'string') break;
      expect(result).toMatch(/^killed at/);
      expect(attempt).toBeLessThan(30);
      expect(seen).toBeGreaterThanOrEqual(0);
    }
    expect(died).toEqual(
      expect.arrayContaining([
        'closed',
        'claim-stored',
        'claim-broadcast',
        'collected',
        'flush-stored',
        'flushed',
        'data-stored',
        'booked',
        'submit-stored',
        'submit-broadcast',
        'submitted',
      ]),
    );
    const period = await getPeriod(world.deps, 2);
    expect((await world.balanceOf(treasury)) - before).toBe(period.protocolFeeWei);
    const sent = await world.deps.db.select().from(chainTransactions).where(eq(chainTransactions.status, 'included'));
    expect(
      sent
        .filter((row) => row.key.endsWith(period.id) || row.key.includes(`${period.id}:`))
        .map((row) => row.key.split(':')[0])
        .sort(),
    ).toEqual(['claim', 'flush', 'submit']);
    const lines = await world.deps.db.select().from(rewardLines).where(eq(rewardLines.periodId, period.id));
    expect(lines.reduce((sum, line) => sum + line.amountWei, 0n)).toBe(period.netWei);
  });

  it('makes one period of two settlements at once, of an answer, one of a mix, a training, a pass and an app’s task', async () => {
    await gateway.ask(seeded, channels[0], 4, { ex_0: 1n });
    const contributors = [alice.address, bob.address] as const;
    const mixed = await seedMix(world, { owner, curator: curator.address, contributors, split });
    await world.index();
    await gateway.ask(mixed, channels[0], 5, { ex_light_0000: 1n });
    const trainedWei = await payTraining(world, channels[0], 2_000);
    const passWei = 3_000_011n;
    const bought = await payPass(world, channels[0], owner, passWei);
    const taskWei = 5_000_007n;
    await payTask(world, channels[0], app, taskWei);
    expect((await audit())['charged, vouchers not claimed yet']).toBeGreaterThan(trainedWei);
    await world.chain.passTime(5);
    const both = await Promise.all([settleRewardPeriod(world.deps), settleRewardPeriod(world.deps)]);
    expect(both.filter((period) => period?.number === 3).length).toBeGreaterThan(0);
    expect((await listPeriods(world.deps)).map((period) => period.number)).toEqual([3, 2, 1]);
    await audit();
    // 70 % of what is left goes to who trained; the rest to the people of the rows, each row the same, by their roles.
    const lines = await world.deps.db.select().from(rewardLines).where(isNull(rewardLines.modelId));
    const { id, grossWei, netWei, dataKey } = await getPeriod(world.deps, 3);
    const partOf = (bps: bigint) => (((netWei * trainedWei) / grossWei) * bps) / 10_000n;
    const expected: [Address, bigint][] = [
      [lower(devnetAccount(10)), partOf(7_000n)],
      [lower(alice), partOf(1_900n)],
      [lower(bob), partOf(950n)],
      [lower(curator), partOf(150n)],
      [lower(app), (netWei * taskWei) / grossWei],
    ];
    expect(lines).toHaveLength(expected.length);
    for (const [account, wei] of expected) {
      const paid = lines.find((line) => line.account === account)!.amountWei;
      expect(Number(paid - wei)).toBeCloseTo(0, -1);
    }
    // A pass is divided as an answer without a source: selling it saves nobody the data's part.
    const sold = await world.deps.db.select().from(rewardLines).where(eq(rewardLines.periodId, id));
    const ofPass = (bps: bigint) => (((netWei * passWei) / grossWei) * bps) / 9_500n;
    for (const [role, account, receiptId, wei] of [
      ['model', owner, bought, ofPass(2_000n)],
      ['validators', curator, bought, ofPass(500n)],
      ['common', alice, null, (ofPass(6_000n) * 190n) / 300n],
      ['common', bob, null, (ofPass(6_000n) * 95n) / 300n],
    ] as const) {
      const ofRole = sold.filter((one) => one.modelId === 'mdl_1' && one.role === role && one.receiptId === receiptId);
      const paid = ofRole.find((one) => one.account === lower(account))!.amountWei;
      expect(Number(paid - wei)).toBeCloseTo(0, -1);
    }
    const source = await world.deps.store.get(dataKey);
    for (const { what, file, found } of await verifyEpoch({ ...place(), source }))
      expect(`${what} ${found}`).toBe(`${what} ${file}`);
    expect((await listStatement(world.deps.db, alice.address)).some(({ modelSlug }) => modelSlug === null)).toBe(true);
  });

  it('lets a stranger check a training’s receipt, and whose Datanets and weights a period names for a mix', async () => {
    const { db, chain, deployment, operator } = world.deps;
    const bytes = await world.deps.store.get((await getPeriod(world.deps, 3)).dataKey);
    const paid = await db.select().from(receipts);
    const check = (body: ReceiptBody | ChargeReceipt, epoch: ChainEpoch, version: VersionLineage | null) =>
      checkPeriod({ bytes, chain, deployment, epoch, body, version });
    const training = paid.find(({ id }) => id.startsWith('rct_'))!;
    const steps = await Array.fromAsync(
      verifyCharge({
        ...{ receipt: training.body, hash: training.hash, signature: training.signature, gateway: lower(operator) },
        settlement: () => getReceiptProof(db, training.id),
        epoch: ({ earningsRoot }) => findChainEpoch({ chain, deployment }, earningsRoot),
        period: (epoch, body) => check(body, epoch, null),
      }),
    );
    expect(steps.filter(({ state }) => state !== 'ok').map(({ id, detail }) => [id, detail])).toEqual([
      ['trained', expect.stringContaining('npm run reproduce -- run_paid')],
    ]);
    expect(steps.at(-1)).toMatchObject({ id: 'period', detail: expect.stringContaining('5 receipts') });

    const answer = paid.find(({ modelId }) => modelId === 'mdl_2')!;
    const body = answer.body as unknown as ReceiptBody;
    const { versionId } = body.datanet;
    const [frozen] = await db.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
    const version = getVersionLineage(await (await getVersionFile(world.deps, frozen!)).read());
    const epoch = (await findChainEpoch(
      { chain, deployment },
      (await getReceiptProof(db, answer.id))!.earningsRoot,
    )) as ChainEpoch;
    expect(await check(body, epoch, version)).toMatchObject({ differs: null });
    const pass = passReceiptSchema.parse(paid.find(({ id }) => id.startsWith('rps_'))!.body);
    expect(await check(pass, epoch, null)).toMatchObject({ differs: null });
    const { terms } = readPeriod(bytes);
    expect(terms.mixes).toEqual({
      [versionId]: [
        ['dv_heavy', 60],
        ['dv_light', 20],
      ],
    });
    const forged = (change: Partial<typeof terms>) =>
      checkDatanets({ chain, deployment }, { ...terms, ...change }, { versionId, version });
    expect(await forged({})).toBeNull();
    expect(
      await forged({
        mixes: {
          [versionId]: [
            ['dv_heavy', 6],
            ['dv_light', 20],
          ],
        },
      }),
    ).toMatch(/^parts and weights/);
    expect(await forged({ mixes: {} })).toMatch(/^parts and weights/);
    const { dv_heavy, dv_light } = terms.datanets;
    const swapped = { ...terms.datanets, dv_heavy: dv_light!, dv_light: dv_heavy! };
    expect(await forged({ datanets: swapped })).toMatch(/^Datanet of dv_heavy: the file says 2, the chain .* in 1$/);
    expect(await forged({ datanets: {} })).toMatch(/^Datanet of dv_heavy: the file says none/);
  });

  it('is not confused by donations, strangers’ flushes and stray tokens', async () => {
    const { openToken, revenueRouter, attributionLedger, inferenceChannels } = world.addresses;
    await gateway.ask(seeded, channels[0], 3, { ex_0: 1n });
    for (const to of [revenueRouter, attributionLedger, inferenceChannels]) {
      await world.send(payerB, openToken, openTokenAbi, 'transfer', [to, 777n]);
    }
    await audit();
    await world.send(bob, revenueRouter, revenueRouterAbi, 'flush', []);
    await world.chain.passTime(5);
    const period = (await settleRewardPeriod(world.deps))!;
    expect(period.netWei).toBe(period.grossWei - (period.grossWei * 500n) / 10_000n);
    expect(await audit()).toMatchObject({
      'sent to the router by others': 777n,
      'in the ledger, not in a root yet': 739n,
    });
  });

  it('settles only what a payer’s deposit covers, and the rest when more is deposited', async () => {
    // Deposit 10,000 wei: the gateway refuses what is above it, so a withdrawal makes the hole.
    const poor = channels[1];
    const model = { ...seeded.model, inputWeiPerToken: 10n, outputWeiPerToken: 100n };
    await gateway.ask({ ...seeded, model }, poor, 30, { ex_0: 1n });
    const [id, abi, address] = [poor.id, inferenceChannelsAbi, world.addresses.inferenceChannels];
    await world.send(payerB, address, abi, 'requestWithdraw', [id, 9_000n]);
    await world.chain.passTime(3_601);
    await world.send(payerB, address, abi, 'withdraw', [id]);
    expect(await settleRewardPeriod(world.deps)).toBeNull();
    expect((await audit())['charged, vouchers not claimed yet']).toBeGreaterThan(1_000n);
    await world.send(payerB, world.addresses.openToken, openTokenAbi, 'approve', [address, 5_000n]);
    await world.send(payerB, address, abi, 'deposit', [id, 5_000n]);
    await world.chain.passTime(5);
    expect(await settleRewardPeriod(world.deps)).toMatchObject({ status: 'submitted', receiptCount: 1 });
    expect((await audit())['charged, vouchers not claimed yet']).toBe(0n);
  });

  it('drops a receipt from a period when the withdrawal overtakes the claim', async () => {
    const [id, abi, address] = [channels[1].id, inferenceChannelsAbi, world.addresses.inferenceChannels];
    const model = { ...seeded.model, inputWeiPerToken: 1n, outputWeiPerToken: 10n };
    const { inferenceId } = await gateway.ask({ ...seeded, model }, channels[1], 30, { ex_0: 1n });
    const { feeWei } = await gateway.ask(seeded, channels[0], 2, { ex_0: 1n });
    const state = async () =>
      (await world.deps.chain.readContract({
        address,
        abi,
        functionName: 'channels',
        args: [id as Hex],
      })) as readonly bigint[];
    const [, balance, , claimed] = await state();
    await world.send(payerB, address, abi, 'requestWithdraw', [id, balance! - claimed!]);
    await world.chain.passTime(3_601);
    const racing = {
      ...world.deps,
      onStep: async (step: string) => {
        if (step === 'closed') await world.send(payerB, address, abi, 'withdraw', [id]);
      },
    };
    const period = await settleRewardPeriod(racing);
    expect(period).toMatchObject({ receiptCount: 1, grossWei: feeWei });
    const [left] = await world.deps.db.select().from(receipts).where(eq(receipts.inferenceId, inferenceId));
    expect(left?.rewardPeriodId).toBeNull();
    await audit();
  });

  it('carries the earnings of a revoked period into the next, and counts bonds and slashes', async () => {
    const { openToken, attributionLedger } = world.addresses;
    const operator = devnetAccount(10).address;
    await gateway.ask(seeded, channels[0], 6, { ex_2: 3n });
    await world.chain.passTime(5);
    const revoked = (await settleRewardPeriod(world.deps))!;
    await world.index();
    const { epochId } = await getPeriod(world.deps, revoked.number);
    const bondWei = await world.deps.chain.readContract({
      ...({ address: attributionLedger, abi: attributionLedgerAbi, functionName: 'CHALLENGE_BOND' } as const),
    });
    await world.send(payerB, openToken, openTokenAbi, 'approve', [attributionLedger, bondWei]);
    await world.send(payerB, attributionLedger, attributionLedgerAbi, 'challenge', [epochId, 'why']);
    await audit();
    expect(await getPeriod(world.deps, revoked.number)).toMatchObject({ state: 'frozen' });
    await expect(settleRewardPeriod(world.deps)).resolves.toBeNull();
    await judgeEpoch(world, epochId!, true);
    await audit();
    expect(await getPeriod(world.deps, revoked.number)).toMatchObject({ state: 'revoked' });

    await gateway.ask(seeded, channels[0], 2, { ex_2: 3n });
    await world.chain.passTime(5);
    const next = (await settleRewardPeriod(world.deps))!;
    expect(next.totalWei).toBe(revoked.totalWei + next.netWei);
    await audit();
    expect(await getPeriod(world.deps, next.number)).toMatchObject({ state: 'pending' });
    const sent = await world.deps.db.select().from(chainTransactions);
    expect(sent.map((row) => row.key)).toContain(`bond:${next.id}`); // the slashed bond was posted anew
    expect(sent.every((row) => row.sender === operator.toLowerCase())).toBe(true);
  });

  it('settles an answer that a transfer of its own paid, and keeps what it did not cost', async () => {
    const { openToken, revenueRouter } = world.addresses;
    const ceilingWei = parseEther('0.001');
    await world.send(payerB, openToken, openTokenAbi, 'transfer', [revenueRouter, ceilingWei]);
    const { feeWei } = await gateway.ask(seeded, { transferFrom: payerB.address }, 6, { ex_0: 1n });
    expect(feeWei).toBeGreaterThan(0n);
    expect(feeWei).toBeLessThan(ceilingWei);
    await audit();
    await world.chain.passTime(5);
    const period = (await settleRewardPeriod(world.deps))!;
    expect(period).toMatchObject({ status: 'submitted', receiptCount: 1, grossWei: feeWei });
    await audit();
  });

  it('books by the fee that governance set, also where it changed between two flushes of a period', async () => {
    const { params, timelockFast, revenueRouter } = world.addresses;
    const { passTime } = world.chain;
    const setFee = async (bps: bigint) => {
      const args = [stringToHex('protocolFeeBps', { size: 32 }), bps, 0n] as const;
      const data = encodeFunctionData({ abi: paramsAbi, functionName: 'set', args });
      await tools.sendAs(timelockFast!, params!, data);
      await passTime(86_400); // an epoch of Params at most
    };
    const settle = async () => {
      await passTime(5);
      const period = (await settleRewardPeriod(world.deps))!;
      const source = join(world.storeDir, period.dataKey);
      expect((await verifyEpoch({ ...place(), source })).filter(({ file, found }) => file !== found)).toEqual([]);
      await audit();
      return period;
    };
    await gateway.ask(seeded, channels[0], 4, { ex_0: 1n });
    await setFee(700n);
    const raised = await settle();
    expect(raised.protocolFeeWei).toBe((raised.grossWei * 700n) / 10_000n);
    await gateway.ask(seeded, channels[0], 4, { ex_0: 1n });
    await claimVouchers({ ...world.deps, now: () => new Date(world.deps.now().getTime() + 10 * 86_400_000) });
    await world.send(bob, revenueRouter, revenueRouterAbi, 'flush', []); // at 7 %, before it falls
    await world.index();
    await setFee(600n);
    await gateway.ask(seeded, channels[0], 4, { ex_0: 1n });
    const mixed = await settle();
    expect(mixed.protocolFeeWei).toBe((mixed.grossWei * 700n) / 10_000n);
    await gateway.ask(seeded, channels[0], 4, { ex_0: 1n });
    const lowered = await settle();
    expect(lowered.protocolFeeWei).toBe((lowered.grossWei * 600n) / 10_000n);
  });

  it('gives every payee what the ledger owes, and the audit names a missing wei', async () => {
    await world.chain.passTime(windowSeconds);
    for (const account of [alice, bob, owner, curator, app, devnetAccount(10)]) await claimAll(account);
    const statement = await audit();
    expect(statement['claimable by payees']).toBe(0n);
    expect(statement['payable after the challenge window']).toBe(0n);
    const periods = await world.deps.db.select().from(rewardPeriods);
    expect(statement['claimed by payees']).toBe(periods.reduce((sum, period) => sum + period.netWei, 0n));
    const [entry] = await world.deps.db
      .select()
      .from(ledgerEntries)
      .where(eq(ledgerEntries.account, `payable:${lower(bob)}`));
    await world.database.pool.query(
      'update ledger_entries set amount_wei = amount_wei + 1 where transaction_id = $1 and account = $2',
      [entry!.transactionId, entry!.account],
    );
    await expect(audit()).rejects.toThrow(/FIRST DIFFERENCE.*sum of all ledger entries = 0/s);
  });
});
