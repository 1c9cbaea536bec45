import { inArray } from 'drizzle-orm';
import type { Hex } from 'viem';
import { channels } from '#db/schema/settlement.ts';
import { type ClaimRow, toClaimRow } from '#lib/kernel/voucher.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { readChannelStates } from './channel-states.ts';
import { smaller } from './rules.ts';

/**
 * Rows for `InferenceChannels.claim` that bring each channel up to its total (cumulative wei), with the newest voucher. Left
 * out is what the chain has already given, or cannot give because the deposit is spent. In order of the ids.
 */
export async function claimRowsFor(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment'>,
  totals: ReadonlyMap<Hex, bigint>,
): Promise<ClaimRow[]> {
  const ids = [...totals.keys()];
  if (ids.length === 0) return [];
  const states = await readChannelStates(deps, ids);
  const vouchers = await deps.db.select().from(channels).where(inArray(channels.id, ids));
  return vouchers
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, voucherWei, voucherSignature }) => {
      const { balanceWei, claimedWei } = states.get(id as Hex)!;
      const totalWei = totals.get(id as Hex)!;
      if (!voucherSignature || smaller(totalWei, balanceWei) <= claimedWei) return [];
      return [toClaimRow({ channelId: id as Hex, maxClaimableWei: voucherWei }, voucherSignature as Hex, totalWei)];
    });
}
