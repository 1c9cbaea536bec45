import { privateKeyToAccount } from 'viem/accounts';
import { claimVouchers } from '#lib/rewards/claim-vouchers.ts';
import type { WorkerDeps } from '../deps.ts';

/** Claims what channels owe, from the watch-tower's own key where one is set. */
export async function claimVouchersJob(deps: WorkerDeps): Promise<void> {
  const key = deps.env.WATCH_TOWER_PRIVATE_KEY;
  await claimVouchers(deps, key && privateKeyToAccount(key));
}
