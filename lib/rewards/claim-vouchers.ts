import { createHash } from 'node:crypto';
import type { Account } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { type ClaimRow, chargesTypedData } from '#lib/kernel/voucher.ts';
import { type ContractCall, sendOnce } from '#lib/platform/chain/sender.ts';
import { claimRowsFor } from './claim-rows.ts';
import { listChannelsToClaim } from './list-channels-to-claim.ts';
import type { SettlementDeps } from './settlement-deps.ts';

const rowsPerTransaction = 100;
/** How long what the operator signed for the tower may be brought. */
const signedForSeconds = 7 * 86_400;

/**
 * The watch-tower: claims with the newest voucher what each due channel owes. It takes what was charged, also what no reward
 * period has taken yet, never what is merely held or signed for. Returns how many channels were claimed.
 *
 * Killed anywhere it can run again: what to claim is read from the chain, amounts are cumulative, and equal rows are one
 * transaction, because their hash is its key.
 *
 * @param tower who sends, with a nonce lane of its own: a stuck or penniless operator then does not keep money from being claimed.
 * Another key than the operator's brings what the operator signed (`claimBySig`), and can do nothing else for it.
 */
export async function claimVouchers(deps: SettlementDeps, tower: Account = deps.operator): Promise<number> {
  const due = await listChannelsToClaim(deps);
  let claimed = 0;
  for (let i = 0; i < due.length; i += rowsPerTransaction) {
    const some = due.slice(i, i + rowsPerTransaction);
    const rows = await claimRowsFor(deps, new Map(some.map(({ id, totalWei }) => [id, totalWei])));
    if (rows.length === 0) continue;
    const sender = { ...deps, operator: tower };
    await sendOnce(sender, await claimCall(deps, rows, tower), { onStep: (step) => deps.onStep?.(`watch-${step}`) });
    claimed += rows.length;
  }
  if (claimed > 0) deps.log.info({ channels: claimed }, 'claimed vouchers ahead of the reward period');
  return claimed;
}

async function claimCall(deps: SettlementDeps, rows: ClaimRow[], tower: Account): Promise<ContractCall> {
  const { chainId, addresses } = deps.deployment;
  const { inferenceChannels, revenueRouter: receiver } = addresses;
  const text = canonicalJson([tower.address, ...rows.map(({ id, total }) => [id, total.toString()])]);
  const key = `watch:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
  const call = { key, address: inferenceChannels, abi: inferenceChannelsAbi };
  const { operator } = deps;
  if (tower.address === operator.address) return { ...call, functionName: 'claim', args: [receiver, rows] };
  if (operator.type !== 'local') throw new TypeError('the operator account cannot sign locally');
  const { timestamp } = await deps.chain.getBlock();
  const deadline = timestamp + BigInt(signedForSeconds);
  const signature = await operator.signTypedData(
    chargesTypedData({ chainId, inferenceChannels }, { receiver, rows, deadline }),
  );
  return { ...call, functionName: 'claimBySig', args: [receiver, rows, deadline, operator.address, signature] };
}
