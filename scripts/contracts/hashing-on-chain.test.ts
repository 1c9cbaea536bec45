import {
  createPublicClient,
  createWalletClient,
  type Hex,
  hashTypedData,
  http,
  keccak256,
  pad,
  parseEther,
  toHex,
} from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { datanetFeeLeaf } from '#lib/kernel/datanet-fee-leaf.ts';
import { claimProof } from '#lib/kernel/epoch-root.ts';
import { handleAccount, isHandleAccount } from '#lib/kernel/handle-account.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { earningsLeaf, receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import {
  acceptBatchTypedData,
  appendModelVersion,
  foldBatches,
  hashAcceptBatch,
  hashModelVersion,
} from '#lib/kernel/version-head.ts';
import { chargesTypedData, computeChannelId, hashVoucher, toClaimRow, voucherTypedData } from '#lib/kernel/voucher.ts';
import { deploy } from './deploy.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import { devnetAccount, devnetConfig, devnetRoles } from './devnet-config.ts';
import { startAnvil, type TestChain } from './start-anvil.ts';

const deployerKey = toHex(devnetAccount(devnetRoles.deployer).getHdKey().privateKey!);
const alice = devnetAccount(1);
const session = devnetAccount(20);
const operator = devnetAccount(devnetRoles.operator);

let chain: TestChain;
let record: DeploymentRecord;
let reader: ReturnType<typeof connect>['reader'];
let wallet: ReturnType<typeof connect>['wallet'];

/** A fixed pseudo-random sequence of words, so that a failure can be repeated. */
const randomWord = (n: number): Hex => keccak256(pad(toHex(n)));
const randomBits = (n: number, bits: number): bigint => BigInt(randomWord(n)) >> BigInt(256 - bits);

function connect(rpcUrl: string) {
  const transport = http(rpcUrl);
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 20 });
  return { reader, wallet: createWalletClient({ chain: foundry, transport }) };
}

const mined = async (sent: Promise<Hex>) => {
  const receipt = await reader.waitForTransactionReceipt({ hash: await sent });
  expect(receipt.status).toBe('success');
};

beforeAll(async () => {
  chain = await startAnvil();
  ({ reader, wallet } = connect(chain.rpcUrl));
  record = await deploy({ rpcUrl: chain.rpcUrl, chainId: 31337, privateKey: deployerKey, config: devnetConfig });
});

afterAll(() => chain.stop());

describe('TypeScript and Solidity agree', () => {
  it('on leaves of earnings', async () => {
    const ledger = { address: record.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
    for (let n = 0; n < 50; n++) {
      const account = `0x${randomWord(n).slice(26)}` as const;
      const amount = randomBits(1000 + n, 1 + ((n * 5) % 256));
      const onChain = await reader.readContract({ ...ledger, functionName: 'leafOf', args: [account, amount] });
      expect(earningsLeaf(account, amount)).toBe(onChain);
    }
  });

  it('on leaves of fees by Datanet', async () => {
    const contract = { address: record.addresses.emissionController!, abi: emissionControllerAbi } as const;
    for (let n = 0; n < 10; n++) {
      const [datanet, cumulativeWei] = [randomBits(10 * n + 7, 248), randomBits(10 * n + 8, 96)];
      const args = [datanet, cumulativeWei] as const;
      expect(await reader.readContract({ ...contract, functionName: 'feeLeaf', args })).toBe(
        datanetFeeLeaf({ datanet, cumulativeWei }),
      );
    }
  });

  it('on channel ids and voucher digests', async () => {
    const domain = { chainId: 31337, inferenceChannels: record.addresses.inferenceChannels };
    const channels = { address: domain.inferenceChannels, abi: inferenceChannelsAbi } as const;
    for (let n = 0; n < 30; n++) {
      const [payer, receiver, signer] = [3 * n, 3 * n + 1, 3 * n + 2].map(
        (m) => `0x${randomWord(m).slice(26)}` as const,
      );
      const terms = { payer: payer!, receiver: receiver!, signer: signer!, delaySeconds: 900 + n, salt: randomWord(n) };
      const args = [terms.payer, terms.receiver, terms.signer, terms.delaySeconds, terms.salt] as const;
      const id = await reader.readContract({ ...channels, functionName: 'channelId', args });
      expect(computeChannelId(domain, terms)).toBe(id);
      const voucher = { channelId: id, maxClaimableWei: randomBits(n, 1 + ((n * 7) % 128)) };
      const digest = { functionName: 'voucherDigest', args: [id, voucher.maxClaimableWei] } as const;
      expect(hashVoucher(domain, voucher)).toBe(await reader.readContract({ ...channels, ...digest }));
    }
  });

  it('on the charges that a watch-tower brings, and on accounts of handles', async () => {
    const domain = { chainId: 31337, inferenceChannels: record.addresses.inferenceChannels };
    const channels = { address: domain.inferenceChannels, abi: inferenceChannelsAbi } as const;
    const ledger = { address: record.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
    for (let n = 0; n < 10; n++) {
      const rows = Array.from({ length: n }, (_, m) => ({
        id: randomWord(10 * n + m),
        maxClaimable: randomBits(m, 128),
        total: randomBits(n + m, 1 + ((m * 13) % 128)),
        r: randomWord(m + 1),
        vs: randomWord(m + 2),
      }));
      const charges = { receiver: `0x${randomWord(n).slice(26)}`, rows, deadline: randomBits(n, 64) } as const;
      const args = [charges.receiver, rows, charges.deadline] as const;
      const digest = await reader.readContract({ ...channels, functionName: 'chargesDigest', args });
      expect(hashTypedData(chargesTypedData(domain, charges))).toBe(digest);
      const handle = `place-${n}:${randomWord(n)} \u{1f600} é`;
      const account = await reader.readContract({ ...ledger, functionName: 'handleAccount', args: [handle] });
      expect(handleAccount(handle)).toBe(account.toLowerCase());
      expect(isHandleAccount(account)).toBe(true);
    }
  });

  it('on the head of a Datanet, and on what a curator signs', async () => {
    const { datanetRegistry } = record.addresses;
    const registry = { address: datanetRegistry, abi: datanetRegistryAbi } as const;
    const policy = { joinStake: 0n, reviewPeriod: 3600, curatorQuorum: 1, ownerBps: 0, dedup: 0 };
    const send = { ...registry, account: alice };
    await mined(wallet.writeContract({ ...send, functionName: 'create', args: [policy, 0, 'ipfs://meta'] }));
    const batches = Array.from({ length: 6 }, (_, n) => ({ root: randomWord(n), count: Number(randomBits(n, 32)) }));
    for (const { root, count } of batches) {
      const call = { functionName: 'propose', args: [1n, root, count, 'ipfs://rows'] } as const;
      await mined(wallet.writeContract({ ...registry, ...call, account: operator }));
    }
    for (const [at, { root }] of batches.entries()) {
      const approval = { id: 1n, batch: BigInt(at + 1), root };
      const domain = { chainId: 31337, datanetRegistry };
      const signature = await alice.signTypedData(acceptBatchTypedData(domain, approval));
      const digest = { functionName: 'acceptDigest', args: [1n, approval.batch, root] } as const;
      expect(hashAcceptBatch(domain, approval)).toBe(await reader.readContract({ ...registry, ...digest }));
      const args = [1n, approval.batch, [{ curator: alice.address, signature }]] as const;
      await mined(wallet.writeContract({ ...registry, account: operator, functionName: 'accept', args }));
      const [, records, version, , , head] = await reader.readContract({
        ...registry,
        functionName: 'datanets',
        args: [1n],
      });
      expect(head).toBe(foldBatches(batches.slice(0, at + 1)));
      expect(version).toBe(at + 1);
      expect(records).toBe(batches.slice(0, at + 1).reduce((sum, batch) => sum + BigInt(batch.count), 0n));
    }
  });

  it('on the hash and head of a model version', async () => {
    const models = { address: record.addresses.modelRegistry, abi: modelRegistryAbi } as const;
    const split = { data: 5000, model: 2000, app: 1000, infra: 1000, validators: 500 };
    const version = (n: number) => ({
      baseVersion: 0,
      datanetHeadsRoot: randomWord(n),
      trainConfigHash: randomWord(n + 1),
      adapterHash: randomWord(n + 2),
      evalHash: randomWord(n + 3),
      licenceHash: randomWord(n + 4),
    });
    const send = { ...models, account: alice };
    const args = [2, 0n, split, 'ipfs://model', version(0), 'ipfs://v1'] as const;
    await mined(wallet.writeContract({ ...send, functionName: 'registerAndPublish', args }));
    const second = { ...send, functionName: 'publish', args: [1n, version(9), 'ipfs://v2'] } as const;
    await mined(wallet.writeContract(second));
    const [, versions, , , , head] = await reader.readContract({ ...models, functionName: 'models', args: [1n] });
    const first = appendModelVersion(pad('0x'), hashModelVersion(version(0)));
    expect(versions).toBe(2);
    expect(head).toBe(appendModelVersion(first, hashModelVersion(version(9))));
  });
});

describe('money moves by what TypeScript computed', () => {
  it('a voucher signed here is claimed, settled, divided, and paid out by a proof made here', async () => {
    const { addresses } = record;
    const token = { address: addresses.openToken, abi: openTokenAbi } as const;
    const channels = { address: addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
    const ledger = { address: addresses.attributionLedger, abi: attributionLedgerAbi } as const;
    const domain = { chainId: 31337, inferenceChannels: addresses.inferenceChannels };
    const terms = {
      payer: alice.address,
      receiver: addresses.revenueRouter,
      signer: session.address,
      delaySeconds: 3600,
      salt: randomWord(7),
    };
    const approve = { functionName: 'approve', args: [channels.address, parseEther('10')] } as const;
    await mined(wallet.writeContract({ ...token, ...approve, account: alice }));
    const openArgs = [terms.receiver, terms.signer, terms.delaySeconds, terms.salt, parseEther('10')] as const;
    await mined(wallet.writeContract({ ...channels, account: alice, functionName: 'open', args: openArgs }));
    const voucher = { channelId: computeChannelId(domain, terms), maxClaimableWei: parseEther('4') };
    const signature = await session.signTypedData(voucherTypedData(domain, voucher));
    const row = toClaimRow(voucher, signature, 3_000_000_000_000_000_001n);
    const claim = { functionName: 'claim', args: [terms.receiver, [row]] } as const;
    await mined(wallet.writeContract({ ...channels, ...claim, account: operator }));
    const flush = { address: addresses.revenueRouter, abi: revenueRouterAbi, functionName: 'flush' } as const;
    await mined(wallet.writeContract({ ...flush, account: operator }));

    const bond = BigInt(record.config.publisherBondWei);
    await mined(
      wallet.writeContract({ ...token, account: operator, functionName: 'approve', args: [ledger.address, bond] }),
    );
    await mined(wallet.writeContract({ ...ledger, account: operator, functionName: 'postBond', args: [bond] }));
    const [funded] = await reader.readContract({ ...ledger, functionName: 'totals' });
    expect(funded).toBe(2_850_000_000_000_000_001n); // 5 % rounded down stay with the treasury
    const accounts = Array.from({ length: 37 }, (_, n) => `0x${randomWord(n).slice(26)}` as const);
    const amounts = accounts.map((_, n) => (n === 0 ? funded - 36n : 1n));
    const earnings = buildTree(accounts.map((account, n) => earningsLeaf(account, amounts[n]!)));
    const receipts = buildTree([receiptLeaf(randomWord(1), row.total)]);
    const submit = { functionName: 'submit', args: [0, earnings.root, receipts.root, funded, 'ipfs://epoch'] } as const;
    await mined(wallet.writeContract({ ...ledger, ...submit, account: operator }));
    await jump(61);
    for (const n of [0, 1, 17, 36]) {
      const proof = claimProof(earnings, n, receipts.root);
      const args = [1, accounts[n]!, amounts[n]!, proof] as const;
      await mined(wallet.writeContract({ ...ledger, account: operator, functionName: 'claim', args }));
      const balance = await reader.readContract({ ...token, functionName: 'balanceOf', args: [accounts[n]!] });
      expect(balance).toBe(amounts[n]);
    }
  });
});

async function jump(seconds: number): Promise<void> {
  for (const [method, params] of [
    ['evm_increaseTime', [seconds]],
    ['evm_mine', []],
  ] as const) {
    await reader.request({ method, params } as unknown as Parameters<typeof reader.request>[0]);
  }
}
