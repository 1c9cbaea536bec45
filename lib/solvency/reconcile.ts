import { desc } from 'drizzle-orm';
import { erc20Abi } from 'viem';
import { reconciliations } from '#db/schema/operations.ts';
import { chainBlocks } from '#db/schema/settlement.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import { setAlarm } from '#lib/platform/alarms/set-alarm.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isCanonical } from '#lib/platform/indexer/roll-back.ts';
import { shortageKey } from './queries.ts';
import { sumOwed } from './sum-owed.ts';
import { tokenFlows } from './token-flows.ts';
import type { Reconciliation } from './types.ts';

type ReconcileDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'log' | 'now'>;

/**
 * Compares what every contract holds with what it owes by its events, at the newest indexed block, and raises or ends each
 * one's alarm (protocol.md: liabilities ≤ balance, each minute). Null when that block was replaced meanwhile: next time.
 */
export async function reconcile(deps: ReconcileDeps): Promise<Reconciliation[] | null> {
  const { tip, owed } = await readBooks(deps);
  if (!tip || !(await isCanonical(deps.chain, tip))) return null;
  const found = await Promise.all(
    holders(deps).map(async ({ contract, address }): Promise<Reconciliation> => {
      const heldWei = await deps.chain.readContract({
        ...{ address: deps.deployment.addresses.openToken, abi: erc20Abi, functionName: 'balanceOf', args: [address] },
        blockNumber: BigInt(tip.number),
      });
      return { contract, heldWei, owedWei: owed.get(contract) ?? 0n, blockNumber: tip.number, checkedAt: deps.now() };
    }),
  );
  if (!(await isCanonical(deps.chain, tip))) return null;
  for (const row of found) {
    await deps.db
      .insert(reconciliations)
      .values(row)
      .onConflictDoUpdate({ target: reconciliations.contract, set: row });
    await setAlarm(deps, { key: shortageKey(row.contract), message: messageOf(row) });
  }
  return found;
}

/** The newest block and the sums up to it as one snapshot: the indexer may roll back in between. */
async function readBooks({ db }: ReconcileDeps) {
  return db.transaction(
    async (tx) => {
      const [tip] = await tx.select().from(chainBlocks).orderBy(desc(chainBlocks.number)).limit(1);
      return { tip, owed: tip ? await sumOwed(tx, tip.number) : new Map<string, bigint>() };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}

function holders({ deployment }: ReconcileDeps) {
  return [...new Set(tokenFlows.map(({ contract }) => contract))].flatMap((contract) => {
    const address = deployment.addresses[contract];
    return address ? [{ contract, address }] : [];
  });
}

function messageOf({ contract, heldWei, owedWei, blockNumber }: Reconciliation): string | null {
  if (heldWei >= owedWei) return null;
  const amounts = `holds ${formatOpen(heldWei)} OPEN and owes ${formatOpen(owedWei)} OPEN`;
  return `${contract} ${amounts} at block ${blockNumber}: ${formatOpen(owedWei - heldWei)} OPEN are missing.`;
}
