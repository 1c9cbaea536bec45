import { join } from 'node:path';
import type { Address, Hex, LocalAccount } from 'viem';
import { expect } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { rebuildPeriod } from '#lib/rewards/period-input.ts';
import { getRewards } from '#lib/rewards/queries.ts';
import type { PeriodFile } from '#lib/rewards/read-period.ts';
import { writePeriod } from '#lib/rewards/write-period.ts';
import { reconcile } from '#lib/solvency/reconcile.ts';
import { auditConservation, formatAudit } from '../conservation.ts';
import type { TestSettlementWorld } from './settlement-world.ts';

/** What tests of settlement do again and again in their world. */
export function settlementTools(world: TestSettlementWorld) {
  return {
    /** Conservation of money in books and chain, by label; throws where a wei is missing. */
    async audit() {
      await world.index();
      const { chain, deployment } = world.deps;
      const result = await auditConservation({ pool: world.database.pool, chain, deployment });
      if (result.differences.length > 0) throw new Error(formatAudit(result));
      for (const { heldWei, owedWei } of (await reconcile(world.deps))!)
        expect(heldWei).toBeGreaterThanOrEqual(owedWei);
      return Object.fromEntries([...result.comesIn, ...result.isNow].map((row) => [row.label, row.wei]));
    },
    /** Sends as a contract itself would, which no key can. */
    async sendAs(from: Address, to: Address, data: Hex) {
      const { rpc } = world.chain;
      await rpc('anvil_impersonateAccount', [from]);
      await rpc('anvil_setBalance', [from, '0xde0b6b3a7640000']);
      const hash = (await rpc('eth_sendTransaction', [{ from, to, data }])) as Hex;
      expect((await world.deps.chain.waitForTransactionReceipt({ hash })).status).toBe('success');
    },
    place: () => ({
      ...{ chain: world.deps.chain, deployment: world.deps.deployment },
      findFile: (uri: string) => join(world.storeDir, uri),
    }),
    async claimAll(account: LocalAccount) {
      await world.index();
      const rewards = await getRewards(world.deps, account.address);
      if (!rewards.claim) throw new Error('nothing to claim');
      const { epochId, cumulativeWei, proof } = rewards.claim;
      const args = [epochId, account.address, cumulativeWei, proof];
      const before = await world.balanceOf(account.address);
      await world.send(account, world.addresses.attributionLedger, attributionLedgerAbi, 'claim', args);
      return { promisedWei: rewards.claimableWei, receivedWei: (await world.balanceOf(account.address)) - before };
    },
  };
}

/** A file that follows from its own lines, whatever they are. */
export function rewrite(file: PeriodFile): Uint8Array {
  const { earningsRoot, receiptsRoot, totalWei } = rebuildPeriod(file);
  const parts = { previousLeaves: [...file.previousLeaves], receipts: [...file.receipts] };
  return writePeriod(file.terms, { ...parts, totals: { earningsRoot, receiptsRoot, totalWei: totalWei.toString() } });
}
