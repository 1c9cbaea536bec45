import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Address, createWalletClient, erc20Abi, type Hex, http, type LocalAccount, zeroHash } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { receiptLeaf } from '#lib/kernel/merkle-leaf.ts';
import { poolShares } from '#lib/kernel/pool-shares.ts';
import { poolWeights } from '#lib/kernel/pool-weights.ts';
import type { ReceiptSettlementProof, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { buildPeriod, protocolFeeWei } from '#lib/rewards/build-period.ts';
import { periodInputOf } from '#lib/rewards/period-input.ts';
import type { PeriodTerms, PeriodTotals, ReceiptEntry } from '#lib/rewards/period-schema.ts';
import { writePeriod } from '#lib/rewards/write-period.ts';
import { devnetAccount, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import type { IssuedReceipt } from './issue-receipts.ts';

export type SettledPeriod = {
  chain: TestChain;
  deploymentFile: string;
  data: Uint8Array;
  proofs: ReceiptSettlementProof[];
};

/** Pays the receipts in one reward period and posts its root to our contracts on a chain of its own; stop `chain` at the end. */
export async function settleOnChain(
  issued: readonly IssuedReceipt[],
  version: VersionLineage,
  gateway: LocalAccount,
  deploymentFile: string,
): Promise<SettledPeriod> {
  const chain = await startTestChain();
  const { addresses, chainId, startBlock } = chain.deployment;
  const { windowSeconds, protocolFeeBps } = chain.deployment.config;
  const config = { windowSeconds, protocolFeeBps };
  await writeFile(deploymentFile, JSON.stringify({ chainId, startBlock, addresses, config }));
  const period = periodOf(issued, version, gateway, { chainId, addresses, protocolFeeBps });
  const data = writePeriod(period.terms, { ...period, previousLeaves: [] });
  await post(chain, gateway, period.totals, `sha256/${createHash('sha256').update(data).digest('hex')}`);
  const tree = buildTree(issued.map(({ hash, body }) => receiptLeaf(hash, BigInt(body.feeWei))));
  const { earningsRoot, receiptsRoot } = period.totals;
  const roots = { earningsRoot, receiptsRoot };
  const proofs = issued.map((_, i) => ({ period: 1, ...roots, proof: tree.proofFor(i) }));
  return { chain, deploymentFile, data, proofs };
}

function periodOf(
  issued: readonly IssuedReceipt[],
  version: VersionLineage,
  gateway: LocalAccount,
  {
    chainId,
    addresses,
    protocolFeeBps,
  }: Pick<TestChain['deployment'], 'chainId' | 'addresses'> & { protocolFeeBps: number },
): { terms: PeriodTerms; receipts: ReceiptEntry[]; totals: PeriodTotals } {
  const operator = gateway.address.toLowerCase() as Address;
  const grossWei = issued.reduce((sum, { body }) => sum + BigInt(body.feeWei), 0n);
  const feeWei = protocolFeeWei(grossWei, protocolFeeBps);
  const rows = [...version.people.values()].map(({ acts }) => ({ rows: 1, lineage: acts! }));
  const terms: PeriodTerms = {
    ...{ version: 4, chainId, number: 1, protocolFeeBps },
    attributionLedger: addresses.attributionLedger.toLowerCase() as Address,
    revenueRouter: addresses.revenueRouter.toLowerCase() as Address,
    ...{ grossWei: grossWei.toString(), protocolFeeWei: feeWei.toString(), netWei: (grossWei - feeWei).toString() },
    ...{ appAccount: operator, infraAccount: operator, previousRoot: null, previousFees: [] },
    ...{ stakeBlock: 0, datanets: {} },
    models: Object.fromEntries(
      issued.map(({ body }) => [body.model.id, { versionHash: body.model.versionHash as Hex, payees: [] }]),
    ),
    validators: { dv_bench: [[operator, 1]] as [Address, number][] },
    rowPools: { mdl_bench: { adapterId: 'ad_bench', rows: rows.length, weights: poolWeights(rows) } },
    channels: [],
  };
  const receipts = issued.map(
    ({ body, hash }): ReceiptEntry => ({
      ...{
        id: body.id,
        modelId: body.model.id,
        hash,
        feeWei: body.feeWei,
        channelId: body.channelId as Hex | null,
        split: body.split,
      },
      ...{ versionId: body.datanet.versionId, modelOwner: operator },
      shares: body.attribution.shares.map(({ account, sharePpm }): [Address, number] => [account, sharePpm]),
      commonPpm: body.attribution.commonPpm,
      poolBy: poolByOf(body),
    }),
  );
  const { earningsRoot, receiptsRoot, totalWei } = buildPeriod(periodInputOf({ terms, receipts, previousLeaves: [] }));
  return { terms, receipts, totals: { earningsRoot, receiptsRoot, totalWei: totalWei.toString() } };
}

async function post(chain: TestChain, gateway: LocalAccount, period: PeriodTotals, uri: string): Promise<void> {
  const { attributionLedger: address, openToken } = chain.deployment.addresses;
  const client = createChainClient({ CHAIN_ID: chain.chainId, RPC_URL: chain.url });
  const ledger = { address, abi: attributionLedgerAbi } as const;
  const bondWei = await client.readContract({ ...ledger, functionName: 'PUBLISHER_BOND' });
  const totalWei = BigInt(period.totalWei);
  const as = (account: LocalAccount) => createWalletClient({ account, chain: devnet, transport: http(chain.url) });
  const [holder, publisher] = [as(devnetAccount(devnetRoles.deployer)), as(gateway)];
  const token = { address: openToken, abi: erc20Abi } as const;
  const wait = async (hash: Hex) => client.waitForTransactionReceipt({ hash });
  await wait(
    await holder.writeContract({ ...token, functionName: 'transfer', args: [gateway.address, bondWei + totalWei] }),
  );
  await wait(await publisher.writeContract({ ...token, functionName: 'approve', args: [address, bondWei + totalWei] }));
  await wait(await publisher.writeContract({ ...ledger, functionName: 'fund', args: [totalWei, zeroHash] }));
  await wait(await publisher.writeContract({ ...ledger, functionName: 'postBond', args: [bondWei] }));
  const args = [0, period.earningsRoot, period.receiptsRoot, totalWei, uri] as const;
  await wait(await publisher.writeContract({ ...ledger, functionName: 'submit', args }));
}

/** As the settlement decides it: an answer's common part is paid by its own influence, or by equal rows where it has none. */
function poolByOf({ attribution }: IssuedReceipt['body']): ReceiptEntry['poolBy'] {
  const own = poolShares(attribution);
  if (attribution.commonPpm === 0) return 'shares';
  if (own === null) return 'rows';
  return attribution.retrieval && attribution.retrieval.sharePpm > 0 ? own : 'shares';
}
