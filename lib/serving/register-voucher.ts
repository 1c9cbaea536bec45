import { eq } from 'drizzle-orm';
import { recoverAddress } from 'viem';
import { channels } from '#db/schema/settlement.ts';
import { hashVoucher } from '#lib/kernel/voucher.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { InvalidVoucherError } from './errors.ts';
import { listChannelsOf } from './queries.ts';
import { delayMinSeconds } from './rules.ts';
import type { VoucherInput } from './schema.ts';

/**
 * Keeps the newest voucher of a channel. The signature is always checked, also for a voucher that is not newer (mpp-rs
 * #130: skipping it lets anyone speak for a session). A voucher that is not larger than the stored one changes nothing:
 * amounts are cumulative. A channel whose payer could leave before the watch-tower has claimed is refused. Throws InvalidVoucherError that says what is wrong.
 */
export async function registerVoucher(
  deps: Pick<Deps, 'db' | 'deployment' | 'now'>,
  actor: Actor,
  voucher: VoucherInput,
): Promise<{ voucherWei: bigint; isNew: boolean }> {
  const { address } = assertAccount(actor);
  const { addresses, chainId } = deps.deployment;
  const channelId = voucher.channelId as `0x${string}`;
  const maxWei = BigInt(voucher.maxWei);
  const channel = (await listChannelsOf(deps.db, address, addresses.revenueRouter)).find(
    (one) => one.channelId === channelId,
  );
  if (!channel) throw new InvalidVoucherError('your account has no such channel on this chain (yet)');
  const leastSeconds = delayMinSeconds(chainId);
  if (channel.delaySeconds < leastSeconds)
    throw new InvalidVoucherError(`its channel must have a withdrawal delay of at least ${leastSeconds} seconds`);
  const digest = hashVoucher(
    { chainId, inferenceChannels: addresses.inferenceChannels },
    { channelId, maxClaimableWei: maxWei },
  );
  const signer = await recoverAddress({ hash: digest, signature: voucher.signature as `0x${string}` }).catch(
    () => null,
  );
  if (signer?.toLowerCase() !== channel.signer)
    throw new InvalidVoucherError('it is not signed by the session key of this channel');
  return deps.db.transaction(async (tx) => {
    const fresh = {
      payer: channel.payer,
      signer: channel.signer,
      voucherWei: maxWei,
      voucherSignature: voucher.signature,
      updatedAt: deps.now(),
    };
    const inserted = await tx
      .insert(channels)
      .values({ id: channelId, chargedWei: 0n, reservedWei: 0n, ...fresh })
      .onConflictDoNothing()
      .returning({ id: channels.id });
    if (inserted.length > 0) return { voucherWei: maxWei, isNew: true };
    const [row] = await tx.select().from(channels).where(eq(channels.id, channelId)).for('update');
    if (row && row.voucherWei >= maxWei) return { voucherWei: row.voucherWei, isNew: false };
    await tx.update(channels).set(fresh).where(eq(channels.id, channelId));
    return { voucherWei: maxWei, isNew: true };
  });
}
