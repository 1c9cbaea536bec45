import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { loadRowPool } from '#app/_server/load-row-pool.ts';
import { loadProtocolFeeBps } from '#app/_server/protocol-fee.ts';
import { getReceiptFiles } from '#lib/attribution/get-receipt-files.ts';
import { findReceipt, type ReceiptView } from '#lib/attribution/queries.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import { readShares } from '#lib/kernel/read-shares.ts';
import { findChargeReceipt } from '#lib/rewards/find-charge-receipt.ts';
import { getReceiptSettlement } from '#lib/rewards/receipt-settlement.ts';
import { findTaskChain } from '#lib/tasks/find-task-chain.ts';

type IssuedView = Extract<ReceiptView, { state: 'issued' }>;
export type IssuedReceipt = Awaited<ReturnType<typeof loadIssued>>;

/** A receipt with how far its money has come and who had it computed again, or how far it has come itself; null: there is none. */
export const loadReceipt = cache(async (id: string) => {
  const receipt = await findReceipt(buildDeps().db, id);
  if (!receipt) return null;
  return receipt.state === 'issued'
    ? { state: 'issued' as const, issued: await loadIssued(receipt) }
    : { state: 'open' as const, open: receipt };
});

export type Charge = NonNullable<Awaited<ReturnType<typeof loadCharge>>>;

/** The receipt of something else than an answer, with how far its money has come; null: there is none. */
export const loadCharge = cache(async (id: string) => {
  const deps = buildDeps();
  const [receipt, settlement] = await Promise.all([findChargeReceipt(deps.db, id), getReceiptSettlement(deps, id)]);
  return receipt && { receipt, settlement, url: urlOf(id) };
});

const urlOf = (id: string) => new URL(`/receipts/${id}`, buildDeps().env.APP_URL).href;

async function loadIssued(receipt: IssuedView) {
  const deps = buildDeps();
  const { receiptId: id } = receipt;
  const [challenges, settlement, protocolFeeBps, files, groups, task] = await Promise.all([
    listChallenges(deps.db, id),
    getReceiptSettlement(deps, id),
    loadProtocolFeeBps(),
    getReceiptFiles(deps.db, id),
    readShares(receipt.body).rowsPpm > 0 ? loadRowPool(id) : null,
    receipt.body.version === 3 ? findTaskChain(deps.db, receipt.body.task.id) : null,
  ]);
  return {
    receipt,
    challenges,
    settlement,
    protocolFeeBps,
    groups,
    task,
    datanetSlug: files.datanetSlug,
    url: urlOf(id),
  };
}
