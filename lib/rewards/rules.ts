import type { Hex } from 'viem';

export type ChargedReceipt = { id: string; channelId: Hex | null; feeWei: bigint };

/**
 * Tells of receipts, one after the other in the order of their issue, which their channels' money covers: as long as what periods
 * took before plus their fees stays within the limit. A receipt that does not fit, and all after it, waits for the next period
 * (the payer may deposit more). Free answers need no cover. `limits` without an entry cover nothing.
 */
export function receiptCover(
  takenBefore: ReadonlyMap<Hex, bigint>,
  limits: ReadonlyMap<Hex, bigint>,
): (receipt: ChargedReceipt) => boolean {
  const cumulative = new Map(takenBefore);
  const exhausted = new Set<Hex>();
  return ({ channelId, feeWei }) => {
    if (!channelId || feeWei === 0n) return true;
    const next = (cumulative.get(channelId) ?? 0n) + feeWei;
    if (exhausted.has(channelId) || next > (limits.get(channelId) ?? 0n)) {
      exhausted.add(channelId);
      return false;
    }
    cumulative.set(channelId, next);
    return true;
  };
}

/**
 * What the leaves of a period may share. Normally gross less the fee as the router rounds it. Somebody else may have
 * flushed several parts at once, in which case the router's single rounding took up to a wei more: never more than arrived.
 */
export function netOfPeriod(input: { grossWei: bigint; feeWei: bigint; availableWei: bigint }): bigint {
  return smaller(input.grossWei - input.feeWei, input.availableWei);
}

/** Math.min for bigint. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

/** Wei that separate roundings can differ by; a larger gap means that money is missing. */
export const roundingToleranceWei = 1_000n;
