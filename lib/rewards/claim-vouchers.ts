import { createHash } from 'node:crypto';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { sendOnce } from '#lib/platform/chain/sender.ts';
import { claimRowsFor } from './claim-rows.ts';
import { listChannelsToClaim } from './list-channels-to-claim.ts';
import type { SettlementDeps } from './settlement-deps.ts';

const rowsPerTransaction = 100;

/**
 * The watch-tower: claims with the newest voucher what each due channel owes. It takes what was charged, also what no reward
 * period has taken yet, never what is merely held or signed for. Returns how many channels were claimed.
 *
 * Killed anywhere it can run again: what to claim is read from the chain, amounts are cumulative, and equal rows are one
 * transaction, because their hash is its key.
 */
export async function claimVouchers(deps: SettlementDeps): Promise<number> {
  const due = await listChannelsToClaim(deps);
  let claimed = 0;
  for (let i = 0; i < due.length; i += rowsPerTransaction) {
    const some = due.slice(i, i + rowsPerTransaction);
    const rows = await claimRowsFor(deps, new Map(some.map(({ id, totalWei }) => [id, totalWei])));
    if (rows.length === 0) continue;
    const { inferenceChannels, revenueRouter } = deps.deployment.addresses;
    const text = canonicalJson(rows.map(({ id, total }) => [id, total.toString()]));
    await sendOnce(
      deps,
      {
        key: `watch:${createHash('sha256').update(text).digest('hex').slice(0, 32)}`,
        address: inferenceChannels,
        abi: inferenceChannelsAbi,
        functionName: 'claim',
        args: [revenueRouter, rows],
      },
      { onStep: (step) => deps.onStep?.(`watch-${step}`) },
    );
    claimed += rows.length;
  }
  if (claimed > 0) deps.log.info({ channels: claimed }, 'claimed vouchers ahead of the reward period');
  return claimed;
}
