import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Abi, type Account, type Address, createWalletClient, type Hex, http } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { computeChannelId, voucherTypedData } from '#lib/kernel/voucher.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import type { SettlementDeps } from '#lib/rewards/settlement-deps.ts';
import { devnetAccount, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import type { DeployConfig } from '#scripts/contracts/plan-deployment.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';

export type Channel = { id: Hex; payer: Address; signer: ReturnType<typeof devnetAccount> };

/** A real chain with our contracts, a real database and an object store, for the tests of settlement and indexer. */
export type SettlementWorld = ReturnType<typeof buildSettlementWorld>;
export type TestSettlementWorld = Awaited<ReturnType<typeof openSettlementWorld>>;

export async function openSettlementWorld(config: Partial<DeployConfig> = {}) {
  const [database, chain] = await Promise.all([createTestDatabase(), startTestChain(config)]);
  return buildSettlementWorld(database, chain);
}

/** The same on a database and a chain that the caller runs. */
export function buildSettlementWorld<Chain extends Pick<TestChain, 'url' | 'chainId' | 'deployment' | 'stop'>>(
  database: TestDatabase,
  chain: Chain,
) {
  const storeDir = mkdtempSync(join(tmpdir(), 'openledger-settlement-'));
  const client = createChainClient({ CHAIN_ID: chain.chainId, RPC_URL: chain.url });
  const { chainId, startBlock, addresses } = chain.deployment;
  const { windowSeconds, protocolFeeBps } = chain.deployment.config;
  const deps: SettlementDeps = {
    db: database.db,
    chain: client,
    operator: devnetAccount(devnetRoles.operator),
    deployment: { chainId, startBlock, addresses, config: { windowSeconds, protocolFeeBps } },
    store: fileObjectStore(storeDir),
    log: pino({ level: 'silent' }),
    now: () => new Date(),
    randomBytes: (size) => randomBytes(size),
  };
  const wallet = (account: Account) => createWalletClient({ account, chain: devnet, transport: http(chain.url) });
  /** Sends as a person's wallet would, and waits for the receipt. */
  const send = async (account: Account, address: Address, abi: Abi, functionName: string, args: readonly unknown[]) => {
    const { request } = await client.simulateContract({ account, address, abi, functionName, args });
    const hash = await wallet(account).writeContract(
      request as Parameters<ReturnType<typeof wallet>['writeContract']>[0],
    );
    return client.waitForTransactionReceipt({ hash });
  };
  return {
    deps,
    storeDir,
    database,
    chain,
    addresses,
    send,
    index: () => indexToHead(deps),
    balanceOf: (account: Address) =>
      client.readContract({
        address: addresses.openToken,
        abi: openTokenAbi,
        functionName: 'balanceOf',
        args: [account],
      }),
    /** Opens a channel towards the router with a deposit, as the browser does. */
    async openChannel(
      payer: ReturnType<typeof devnetAccount>,
      signer: Channel['signer'],
      depositWei: bigint,
    ): Promise<Channel> {
      const { openToken, inferenceChannels, revenueRouter } = addresses;
      const salt: Hex = `0x${createHash('sha256').update(`${payer.address}${signer.address}`).digest('hex')}`;
      const delaySeconds = 3_600;
      await send(payer, openToken, openTokenAbi, 'approve', [inferenceChannels, depositWei]);
      const args = [revenueRouter, signer.address, delaySeconds, salt, depositWei];
      await send(payer, inferenceChannels, inferenceChannelsAbi, 'open', args);
      const terms = { payer: payer.address, receiver: revenueRouter, signer: signer.address, delaySeconds, salt };
      const id = computeChannelId({ chainId, inferenceChannels }, terms);
      return { id, payer: payer.address.toLowerCase() as Address, signer };
    },
    signVoucher: (channel: Channel, maxClaimableWei: bigint) =>
      channel.signer.signTypedData(
        voucherTypedData(
          { chainId, inferenceChannels: addresses.inferenceChannels },
          { channelId: channel.id, maxClaimableWei },
        ),
      ),
    async close() {
      await Promise.all([database.close(), chain.stop()]);
      rmSync(storeDir, { recursive: true, force: true });
    },
  };
}
