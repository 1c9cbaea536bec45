import { eq } from 'drizzle-orm';
import { type Address, erc20Abi, type Hex, parseEventLogs } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { rewardDatanetFees } from '#db/schema/datanet-fees.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { findRow, sendOnce } from '#lib/platform/chain/sender.ts';
import { findClaim } from './claim-proof.ts';
import { claimedWeiOf } from './epochs.ts';
import type { DuePayout, PaidPools } from './find-due-payout.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import type { ClaimCall } from './types.ts';

const claimsPerTransaction = 16;
type Vault = { datanet: string; pool: Hex; account: Address };

/** Claims for the vaults of the period's Datanets and streams what they hold to the stakers (PoolVaults.sol). */
export async function payStakers(deps: SettlementDeps, due: DuePayout): Promise<PaidPools> {
  const poolVaults = deps.deployment.addresses.poolVaults;
  const paid: PaidPools = { paidWei: 0n, refused: [] };
  if (!poolVaults) return paid;
  const vaults = await listVaults(deps, poolVaults, due.period.id);
  await claimForVaults(deps, due, vaults);
  for (const vault of vaults) {
    try {
      paid.paidWei += await collect(deps, poolVaults, due.period.id, vault);
    } catch (error) {
      if (!(error instanceof TransactionRevertedError)) throw error;
      paid.refused.push(`stakers of Datanet ${vault.datanet}: ${error.errorName}`);
    }
  }
  return paid;
}

async function listVaults({ db, chain }: SettlementDeps, poolVaults: Address, periodId: string): Promise<Vault[]> {
  const rows = await db
    .select({ datanet: rewardDatanetFees.datanet })
    .from(rewardDatanetFees)
    .where(eq(rewardDatanetFees.periodId, periodId));
  return Promise.all(
    rows.map(async ({ datanet }) => {
      const pool = poolOf('datanet', datanet);
      const call = { address: poolVaults, abi: poolVaultsAbi, functionName: 'vaultOf', args: [pool] } as const;
      const account = (await chain.readContract(call)).toLowerCase() as Address;
      return { datanet, pool, account };
    }),
  );
}

async function claimForVaults(deps: SettlementDeps, due: DuePayout, vaults: readonly Vault[]): Promise<void> {
  const { period, epochId } = due;
  const claims: ClaimCall[] = [];
  for (const { account } of vaults) {
    const claim = await findClaim(deps.db, { root: period.root, epochId, account });
    if (claim && claim.cumulativeWei > (await claimedWeiOf(deps.db, account))) claims.push(claim);
  }
  for (let i = 0; i < claims.length; i += claimsPerTransaction) {
    const some = claims.slice(i, i + claimsPerTransaction);
    await sendOnce(deps, {
      key: `claim-vaults:${period.id}:${some[0]!.account}`,
      address: deps.deployment.addresses.attributionLedger,
      abi: attributionLedgerAbi,
      functionName: 'claimMany',
      args: [
        some.map(({ cumulativeWei, account, proof }) => ({ id: epochId, account, cumulative: cumulativeWei, proof })),
      ],
    });
  }
}

/** What one vault gave to its pool, wei. Nothing is sent for an empty one. */
async function collect(deps: SettlementDeps, poolVaults: Address, periodId: string, vault: Vault): Promise<bigint> {
  const key = `collect:${periodId}:${vault.datanet}`;
  const heldWei = await deps.chain.readContract({
    ...({ address: deps.deployment.addresses.openToken, abi: erc20Abi, functionName: 'balanceOf' } as const),
    args: [vault.account],
  });
  if (heldWei === 0n && !(await findRow(deps.db, key))) return 0n;
  const call = { key, address: poolVaults, abi: poolVaultsAbi, functionName: 'collect', args: [vault.pool] };
  const { logs } = await sendOnce(deps, call);
  const collected = parseEventLogs({ abi: poolVaultsAbi, eventName: 'Collected', logs });
  return collected.reduce((sum, { args }) => sum + args.amount, 0n);
}
