import { randomBytes } from 'node:crypto';
import { createWalletClient, http, parseEther, publicActions, toHex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { devnetAccount } from '#db/seed/devnet-accounts.ts';
import { voucherTypedData } from '#lib/kernel/voucher.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { listChannelsOf } from '#lib/serving/queries.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import type { Installation } from './installation.ts';

const depositWei = parseEther('5');

/** A devnet account that pays: opens a channel with 5 OPEN and signs a voucher over all of it, as the page does. Devnets only. */
export async function openPayer(place: Installation): Promise<`0x${string}`> {
  const { deployment } = place;
  const { openToken, inferenceChannels, revenueRouter } = deployment.addresses;
  const account = devnetAccount(0);
  const payer = account.address.toLowerCase() as `0x${string}`;
  const session = privateKeyToAccount(generatePrivateKey());
  const wallet = createWalletClient({ account, chain: devnet, transport: http(place.rpcUrl) }).extend(publicActions);
  const approve = { address: openToken, abi: openTokenAbi, functionName: 'approve' } as const;
  const approved = await wallet.writeContract({ ...approve, args: [inferenceChannels, depositWei] });
  await wallet.waitForTransactionReceipt({ hash: approved });
  const open = { address: inferenceChannels, abi: inferenceChannelsAbi, functionName: 'open' } as const;
  const args = [revenueRouter, session.address, 3_600, toHex(randomBytes(32)), depositWei] as const;
  await wallet.waitForTransactionReceipt({ hash: await wallet.writeContract({ ...open, args }) });
  const signer = session.address.toLowerCase();
  for (let tries = 0; tries < 30; tries++) {
    const channels = await listChannelsOf(place.db, payer, revenueRouter);
    const own = channels.find((channel) => channel.signer === signer);
    if (own) {
      const domain = { chainId: deployment.chainId, inferenceChannels };
      const typed = voucherTypedData(domain, { channelId: own.channelId, maxClaimableWei: depositWei });
      const signature = await session.signTypedData(typed);
      const voucher = { channelId: own.channelId, maxWei: depositWei.toString(), signature };
      await registerVoucher({ ...place.deps, deployment }, { kind: 'account', address: payer }, voucher);
      return payer;
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  throw new Error('the channel is not indexed after half a minute');
}
