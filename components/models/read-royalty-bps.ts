/** ModelRegistry.MAX_ROYALTY_BPS. */
export const maxRoyaltyBps = 5_000;

/** A royalty as it is typed, in percent with at most two decimals, as basis points; null where the registry would refuse it. Pure. */
export function readRoyaltyBps(text: string): number | null {
  const match = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(text.trim());
  if (!match) return null;
  const bps = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return bps <= maxRoyaltyBps ? bps : null;
}
