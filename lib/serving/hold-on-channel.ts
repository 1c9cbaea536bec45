import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { ApiKeyBudgetError, InsufficientDepositError, NoChannelError, VoucherTooSmallError } from './errors.ts';
import type { Caller } from './types.ts';

/** What the database's `hold_on_channel` says (migration 0044); amounts as decimal wei text. */
export type HoldOutcome =
  | { outcome: 'held'; channelId: `0x${string}` | null }
  | { outcome: 'no_channel' }
  | { outcome: 'insufficient_deposit'; channelId: `0x${string}`; freeWei: string }
  | { outcome: 'voucher_too_small'; channelId: `0x${string}`; voucherWei: string; neededWei: string }
  | { outcome: 'api_key_budget'; leftWei: string };

export type HoldingCaller = Exclude<Caller, { kind: 'free' | 'exact' }>;

/** Whose channel and budget a hold is on, as the database's functions take it. */
export function holdOf(caller: HoldingCaller, receiver: string) {
  return {
    payer: caller.payer.toLowerCase(),
    channelId: caller.kind === 'voucher' ? caller.channelId : null,
    apiKeyId: caller.kind === 'api-key' ? caller.apiKeyId : null,
    receiver: receiver.toLowerCase(),
  };
}

/**
 * Holds `ceilingWei` on one of the payer's channels and returns its id: charged + reserved may exceed neither the deposit nor the
 * newest voucher, and a key's holds not its budget. The payer's rows are locked first, so parallel requests of one payer take
 * turns. One round trip.
 *
 * @throws NoChannelError, InsufficientDepositError, VoucherTooSmallError (each names the shortfall), ApiKeyBudgetError
 */
export async function holdOnChannel(
  tx: DatabaseOrTransaction,
  caller: HoldingCaller,
  ceilingWei: bigint,
  receiver: string,
  now: Date,
): Promise<`0x${string}`> {
  const hold = holdOf(caller, receiver);
  const { rows } = await tx.execute<{ held: HoldOutcome }>(sql`
    select hold_on_channel(${hold.payer}, ${hold.channelId}, ${hold.apiKeyId}, ${ceilingWei.toString()}::numeric,
      ${hold.receiver}, ${now.toISOString()}::timestamptz) as held`);
  return heldChannel(rows[0]!.held, ceilingWei)!;
}

/** The channel of a hold that was made. @throws as holdOnChannel */
export function heldChannel(held: HoldOutcome, ceilingWei: bigint): `0x${string}` | null {
  if (held.outcome === 'no_channel') throw new NoChannelError(ceilingWei);
  if (held.outcome === 'insufficient_deposit')
    throw new InsufficientDepositError(held.channelId, BigInt(held.freeWei), ceilingWei);
  if (held.outcome === 'voucher_too_small')
    throw new VoucherTooSmallError(held.channelId, BigInt(held.voucherWei), BigInt(held.neededWei));
  if (held.outcome === 'api_key_budget') throw new ApiKeyBudgetError(BigInt(held.leftWei), ceilingWei);
  return held.channelId;
}
