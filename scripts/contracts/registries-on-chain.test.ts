import { createPublicClient, createWalletClient, type Hex, http, keccak256, pad, parseEther, toHex } from 'viem';
import { foundry } from 'viem/chains';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { identityRegistryAbi } from '#contracts-abi/identity-registry.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { exampleLeaf } from '#lib/datanets/example-leaf.ts';
import { contributionTypedData, hashContribution } from '#lib/kernel/contribution.ts';
import { receiptProof } from '#lib/kernel/epoch-root.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import { toPaidReceipt } from '#lib/kernel/paid-receipt.ts';
import { type ReceiptBody2, receiptHash } from '#lib/kernel/receipt.ts';
import { hashModelVersion } from '#lib/kernel/version-head.ts';
import { startTestChain, type TestChain } from '../test/anvil.ts';
import { devnetAccount, devnetRoles } from './devnet-config.ts';

const alice = devnetAccount(1);
const operator = devnetAccount(devnetRoles.operator);
let chain: TestChain;
let reader: ReturnType<typeof connect>['reader'];
let wallet: ReturnType<typeof connect>['wallet'];

/** A fixed pseudo-random sequence of words, so that a failure can be repeated. */
const randomWord = (n: number): Hex => keccak256(pad(toHex(n), { size: 64 }));
const randomAddress = (n: number): Hex => `0x${randomWord(n).slice(26)}`;

function connect(url: string) {
  const transport = http(url);
  const reader = createPublicClient({ chain: foundry, transport, pollingInterval: 20 });
  return { reader, wallet: createWalletClient({ chain: foundry, transport }) };
}

const mined = async (sent: Promise<Hex>) => {
  const receipt = await reader.waitForTransactionReceipt({ hash: await sent });
  expect(receipt.status).toBe('success');
};

beforeAll(async () => {
  chain = await startTestChain();
  ({ reader, wallet } = connect(chain.url));
});
afterAll(() => chain.stop());

describe('TypeScript and the registries agree', () => {
  it('on leaves of rows and on what contributors sign', async () => {
    const { datanetRegistry } = chain.deployment.addresses;
    const registry = { address: datanetRegistry, abi: datanetRegistryAbi } as const;
    const domain = { chainId: chain.chainId, datanetRegistry };
    for (let n = 0; n < 25; n++) {
      const record = { contributor: randomAddress(n), contentHash: randomWord(n), contributedAt: BigInt(n) ** 9n };
      const leaf = await reader.readContract({ ...registry, functionName: 'leafOf', args: [record] });
      expect(exampleLeaf({ ...record, contributedAtSeconds: n ** 9 })).toBe(leaf);
      const contribution = {
        datanetId: BigInt(randomWord(n + 1)),
        contentHash: randomWord(n + 2),
        licenceHash: randomWord(n + 3),
        nonce: BigInt(n),
      };
      const digest = await reader.readContract({
        ...registry,
        functionName: 'contributionDigest',
        args: [contribution],
      });
      expect(hashContribution(domain, contribution)).toBe(digest);
      const signature = await alice.signTypedData(contributionTypedData(domain, contribution));
      const check = { ...registry, functionName: 'isContribution' } as const;
      expect(await reader.readContract({ ...check, args: [alice.address, contribution, signature] })).toBe(true);
      expect(await reader.readContract({ ...check, args: [operator.address, contribution, signature] })).toBe(false);
    }
  });

  it('on hashes of model versions and leaves of receipts', async () => {
    const { modelRegistry, identityRegistry } = chain.deployment.addresses;
    const models = { address: modelRegistry, abi: modelRegistryAbi } as const;
    const identities = { address: identityRegistry, abi: identityRegistryAbi } as const;
    for (let n = 0; n < 25; n++) {
      const [datanetHeadsRoot, trainConfigHash, adapterHash, evalHash, licenceHash] = [1, 2, 3, 4, 5].map((m) =>
        randomWord(10 * n + m),
      ) as [Hex, Hex, Hex, Hex, Hex];
      const baseVersion = Number(BigInt(randomWord(n)) >> 224n);
      const version = { baseVersion, datanetHeadsRoot, trainConfigHash, adapterHash, evalHash, licenceHash };
      const hash = await reader.readContract({ ...models, functionName: 'hashVersion', args: [version] });
      expect(hashModelVersion(version)).toBe(hash);
      const feeWei = BigInt(randomWord(n)) >> BigInt(n * 10);
      const args = [adapterHash, feeWei] as const;
      const leaf = await reader.readContract({ ...identities, functionName: 'receiptLeafOf', args });
      expect(receiptLeaf(adapterHash, feeWei)).toBe(leaf);
    }
  });
});

describe('feedback', () => {
  it('is given with the evidence made here, by the payer, once', async () => {
    const { attributionLedger, identityRegistry, openToken } = chain.deployment.addresses;
    const token = { address: openToken, abi: openTokenAbi } as const;
    const ledger = { address: attributionLedger, abi: attributionLedgerAbi } as const;
    const identities = { address: identityRegistry, abi: identityRegistryAbi } as const;
    const asOperator = { account: operator } as const;
    const register = { functionName: 'register', args: ['https://gateway.test/agent.json'] } as const;
    await mined(wallet.writeContract({ ...identities, ...register, ...asOperator }));

    const bond = BigInt(chain.deployment.config.publisherBondWei);
    const approve = { functionName: 'approve', args: [ledger.address, 2n * bond] } as const;
    await mined(wallet.writeContract({ ...token, ...approve, ...asOperator }));
    await mined(wallet.writeContract({ ...ledger, ...asOperator, functionName: 'postBond', args: [bond] }));
    const fund = { functionName: 'fund', args: [parseEther('1'), randomWord(0)] } as const;
    await mined(wallet.writeContract({ ...ledger, ...asOperator, ...fund }));
    const bodies = [receiptOf(1), receiptOf(2), receiptOf(3)];
    const receipts = buildTree(bodies.map((body) => receiptLeaf(receiptHash(body), BigInt(body.feeWei))));
    const earningsRoot = randomWord(99);
    const submit = { functionName: 'submit', args: [0, earningsRoot, receipts.root, 1n, 'ipfs://epoch'] } as const;
    await mined(wallet.writeContract({ ...ledger, ...asOperator, ...submit }));
    await chain.passTime(61);

    const proof = receiptProof(receipts, 1, earningsRoot);
    const paid = toPaidReceipt({ receipt: bodies[1]!, epoch: 1, proof });
    const args = [1n, 80, '0x66617374', paid, ''] as const;
    const feedback = { ...identities, functionName: 'giveFeedback', args } as const;
    await expect(reader.simulateContract({ ...feedback, account: operator })).rejects.toThrow('FeedbackNotPayer');
    await mined(wallet.writeContract({ ...feedback, account: alice }));
    await expect(reader.simulateContract({ ...feedback, account: alice })).rejects.toThrow('FeedbackGiven');
    const summary = await reader.readContract({ ...identities, functionName: 'getSummary', args: [1n, '0x66617374'] });
    expect(summary).toEqual([1, 2n, 160n]);
  });
});

/** A receipt as far as feedback reads it; text outside ASCII stands before the payer, so that bytes are no characters. */
function receiptOf(n: number): ReceiptBody2 {
  const body = {
    attribution: { method: 'größer, \\"payer\\":\\"0x' },
    gateway: operator.address.toLowerCase(),
    payer: alice.address.toLowerCase(),
    feeWei: String(n * 1_000_000_000),
    id: `rcp_${n}`,
    version: 2,
  };
  return body as unknown as ReceiptBody2;
}
