import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { loadRowPool } from '#app/_server/load-row-pool.ts';
import { loadProtocolFeeBps } from '#app/_server/protocol-fee.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import { readShares } from '#lib/kernel/read-shares.ts';
import { getReceiptSettlement } from '#lib/rewards/receipt-settlement.ts';

/** A receipt, how far its money has come, and who had it computed again. */
export const loadReceipt = cache(async (id: string) => {
  const deps = buildDeps();
  const receipt = await findReceipt(deps.db, id);
  if (!receipt) return null;
  return {
    receipt,
    challenges: await listChallenges(deps.db, id),
    settlement: await getReceiptSettlement(deps, id),
    protocolFeeBps: await loadProtocolFeeBps(),
    groups: receipt.state === 'issued' && readShares(receipt.body).rowsPpm > 0 ? await loadRowPool(id) : null,
  };
});
