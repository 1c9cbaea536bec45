import { encodeFunctionData, keccak256, parseEther, stringToHex, toBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { PoolNotFoundError, StakingMissingError } from './errors.ts';
import { getPool } from './get-pool.ts';
import { listPools } from './list-pools.ts';
import { getPosition, listPositions } from './list-positions.ts';
import { yearlyYield } from './rules.ts';

const holder = devnetAccount(0);
const pool = poolOf('datanet', 7n);
const month = 1_800; // 30 days at the devnet's pace
let world: TestSettlementWorld;

const send = (name: string, args: readonly unknown[]) =>
  world.send(holder, world.addresses.stakePools!, stakePoolsAbi, name, args);

/** A slash as the court's, whoever plays that part by the Directory: sent from its address. */
async function slash(bps: bigint): Promise<void> {
  const court = await world.deps.chain.readContract({
    ...{ address: world.addresses.directory!, abi: directoryAbi, functionName: 'addressOf' },
    args: [keccak256(toBytes('DisputeCourt'))],
  });
  await world.chain.rpc('anvil_impersonateAccount', [court]);
  await world.chain.rpc('anvil_setBalance', [court, '0xde0b6b3a7640000']);
  const args = [pool, bps, holder.address, stringToHex('false verdict', { size: 32 })] as const;
  const data = encodeFunctionData({ abi: stakePoolsAbi, functionName: 'slash', args });
  const hash = await world.chain.rpc('eth_sendTransaction', [{ from: court, to: world.addresses.stakePools!, data }]);
  const receipt = await world.deps.chain.waitForTransactionReceipt({ hash: hash as `0x${string}` });
  expect(receipt.status).toBe('success');
}

beforeAll(async () => {
  world = await openSettlementWorld();
  const { openToken, stakePools } = world.addresses;
  await world.send(holder, openToken, openTokenAbi, 'approve', [stakePools, parseEther('1000')]);
  await send('stake', [pool, parseEther('100'), holder.address]);
  await send('reward', [pool, parseEther('10'), 60]);
  await world.index();
}, 120_000);
afterAll(() => world?.close());

describe('the staking pages’ reads', () => {
  it('show a pool of another installation by its number, what it holds and where its rewards came from', async () => {
    const [view] = await listPools(world.deps, 'datanet');
    expect(view).toMatchObject({ pool, name: 'Datanet 7', href: null, stakedWei: parseEther('100'), slashCount: 0 });
    expect(view!.paidIn).toEqual({ feesWei: parseEther('10'), emissionsWei: 0n });
    expect(yearlyYield(view!.paidIn, view!.stakedWei)).toEqual({ feesBps: 12_166, emissionsBps: 0 });
    expect(await listPools(world.deps, 'model')).toEqual([]);
  });

  it('show the terms as the contracts have them', async () => {
    const { terms } = await getPool(world.deps, pool);
    expect(terms).toMatchObject({
      slashableBps: 3_000,
      monthBps: 5_000,
      monthSeconds: month,
      unbondingSeconds: 420,
      heldUntil: null,
    });
    expect(terms.stream!.weiPerSecond).toBe(parseEther('10') / 60n);
  });

  it('count no reward that is older than a month', async () => {
    await world.chain.passTime(month + 120);
    await send('harvest', [pool, holder.address]);
    await world.index();
    expect((await getPool(world.deps, pool)).view.paidIn.feesWei).toBe(0n);
  });

  it('show stake that leaves, a slash that reaches it, and what is left', async () => {
    await send('unbond', [pool, parseEther('40')]);
    await slash(1_000n);
    await world.index();
    const position = await getPosition(world.deps, pool, holder.address);
    expect(position).toMatchObject({
      stakedWei: parseEther('54'),
      shares: parseEther('60'),
      unbondingWei: parseEther('36'),
    });
    expect(position.withdrawableAt!.getTime()).toBeGreaterThan(0);
    const { view, slashes } = await getPool(world.deps, pool);
    expect(view).toMatchObject({ stakedWei: parseEther('54'), unbondingWei: parseEther('36'), slashCount: 1 });
    expect(slashes).toMatchObject([{ account: null, bps: 1_000, takenWei: parseEther('10') }]);
    const [mine] = await listPositions(world.deps, holder.address);
    expect(mine).toMatchObject({ subject: { pool }, position: { stakedWei: parseEther('54') } });
  });

  it('list no pool that everything was taken out of', async () => {
    await world.chain.passTime(500);
    await send('unbond', [pool, parseEther('60')]);
    await world.chain.passTime(500);
    await send('withdraw', [pool, holder.address]);
    expect(await listPositions(world.deps, holder.address)).toEqual([]);
    expect(await getPosition(world.deps, pool, holder.address)).toMatchObject({ withdrawableAt: null, shares: 0n });
  });

  it('refuse what is no pool, and a chain without pools', async () => {
    await expect(getPool(world.deps, '0x12')).rejects.toThrow(PoolNotFoundError);
    const { stakePools: _, ...addresses } = world.addresses;
    const older = { ...world.deps, deployment: { ...world.deps.deployment, addresses } };
    await expect(listPools(older, 'datanet')).rejects.toThrow(StakingMissingError);
  });
});
