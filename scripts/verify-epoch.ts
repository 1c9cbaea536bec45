/**
 * `npm run verify-epoch -- [<number> | all | <file> | <address of a file>]` (the newest when nothing is given): recomputes a reward
 * period from its public data file and compares it with the chain: same root, same total, same receipts, built upon the leaves of
 * an epoch before. Needs no trust in the gateway: the file's own hash is the epoch's `uri` on chain. `all` begins at the first
 * epoch, so that every leaf is followed to the receipts that it came from. Exits 1 with the first difference.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hex, PublicClient } from 'viem';
import { attributionLedgerAbi } from '../contracts-abi/attribution-ledger.ts';
import { revenueRouterAbi } from '../contracts-abi/revenue-router.ts';
import { buildTree } from '../lib/kernel/merkle.ts';
import { packEarningsLeaves } from '../lib/kernel/merkle-leaf.ts';
import { createChainClient } from '../lib/platform/chain/client.ts';
import { type Deployment, readDeployment } from '../lib/platform/deployment.ts';
import { type BuiltPeriod, protocolFeeWei } from '../lib/rewards/build-period.ts';
import { type PeriodData, type PeriodData1, parsePeriodData, rebuildPeriod } from '../lib/rewards/period-data.ts';
import { readSettings } from './audit/read-settings.ts';

type AnyPeriodData = PeriodData | PeriodData1;
export type Comparison = { what: string; file: string; found: string };

/** All comparisons, in order; the period is right when `file === found` in each. */
export async function verifyEpoch(input: {
  bytes: Uint8Array;
  chain: PublicClient;
  deployment: Deployment;
}): Promise<Comparison[]> {
  const data = parsePeriodData(input.bytes);
  const built = rebuildPeriod(data);
  const submitted = await listSubmitted(input.chain, input.deployment);
  // The same root twice: the newest, because an earlier one with it was revoked.
  const event = submitted.findLast(({ earningsRoot }) => earningsRoot === data.earningsRoot) ?? null;
  const contract = { address: input.deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const [top] = event
    ? await input.chain.readContract({ ...contract, functionName: 'epochs', args: [event.id] })
    : [null];
  const uri = `sha256/${createHash('sha256').update(input.bytes).digest('hex')}`;
  return [
    ...compareArithmetic(data, built),
    compareFee(data, await takenRates(input.chain, input.deployment)),
    ...comparePrevious(data, event, submitted),
    ...compareChain(data, input.deployment, event && { ...event, top: top as Hex }, built.top, uri),
  ];
}

/** The file against itself: do its own numbers follow from its receipts? */
function compareArithmetic(data: AnyPeriodData, built: BuiltPeriod): Comparison[] {
  const grossWei = data.receipts.reduce((sum, receipt) => sum + BigInt(receipt.feeWei), 0n);
  const commonPpm = new Map(data.version === 2 ? data.receipts.map((receipt) => [receipt.id, receipt.commonPpm]) : []);
  const ppmOf = ({ id, shares }: PeriodData1['receipts'][number]): number =>
    shares.reduce((sum, [, share]) => sum + share, commonPpm.get(id) ?? 0);
  const ppm = data.receipts
    .map((receipt) => ({ id: receipt.id, ppm: ppmOf(receipt) }))
    .find((one) => one.ppm !== 1_000_000);
  return [
    { what: 'gross = sum of fees', file: data.grossWei, found: grossWei.toString() },
    {
      what: 'net + protocol fee = gross',
      file: data.grossWei,
      found: (BigInt(data.netWei) + BigInt(data.protocolFeeWei)).toString(),
    },
    {
      what: 'shares and common part of every receipt sum to 1,000,000 ppm',
      file: 'true',
      found: ppm ? `no: ${ppm.id}` : 'true',
    },
    { what: 'earnings root', file: data.earningsRoot, found: built.earningsRoot },
    { what: 'receipts root', file: data.receiptsRoot, found: built.receiptsRoot },
    { what: 'total', file: data.totalWei, found: built.totalWei.toString() },
  ];
}

type Submitted = { id: number; earningsRoot: Hex; receiptsRoot: Hex; total: bigint; uri: string };

/** What the leaves add to must be leaves of an earlier epoch: else a file could bring amounts from nowhere. */
function comparePrevious(data: AnyPeriodData, event: Submitted | null, submitted: readonly Submitted[]): Comparison[] {
  const leaves = data.previousLeaves.map(([account, wei]) => ({ account, cumulativeWei: BigInt(wei) }));
  const root = leaves.length > 0 ? buildTree(packEarningsLeaves(leaves)).root : null;
  const earlier = submitted.some(
    ({ id, earningsRoot }) => earningsRoot === data.previousRoot && (!event || id < event.id),
  );
  return [
    { what: 'root of the leaves before', file: String(data.previousRoot), found: String(root) },
    {
      what: 'an earlier epoch has that root',
      file: 'true',
      found: String(data.previousRoot === null || earlier),
    },
  ];
}

function compareChain(
  data: AnyPeriodData,
  deployment: Deployment,
  epoch: (Submitted & { top: Hex }) | null,
  top: Hex,
  uri: string,
): Comparison[] {
  const { attributionLedger, revenueRouter } = deployment.addresses;
  const deployed: Comparison[] = [
    { what: 'chain', file: String(data.chainId), found: String(deployment.chainId) },
    { what: 'ledger', file: data.attributionLedger, found: attributionLedger.toLowerCase() },
    { what: 'router', file: data.revenueRouter, found: revenueRouter.toLowerCase() },
  ];
  if (!epoch) return [...deployed, { what: 'root on chain', file: data.earningsRoot, found: 'no epoch has it' }];
  return [
    ...deployed,
    { what: 'receipts root on chain', file: data.receiptsRoot, found: epoch.receiptsRoot },
    { what: 'total on chain', file: data.totalWei, found: epoch.total.toString() },
    { what: 'top stored by the contract', file: top, found: epoch.top },
    { what: 'uri = hash of this file', file: uri, found: epoch.uri },
  ];
}

/** Every epoch ever submitted, in order. */
async function listSubmitted(chain: PublicClient, deployment: Deployment): Promise<Submitted[]> {
  const events = await chain.getContractEvents({
    ...({ address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const),
    ...({ eventName: 'EpochSubmitted', fromBlock: BigInt(deployment.startBlock), strict: true } as const),
  });
  return events.map(({ args }) => args);
}

/** Rates in bps at which the router took its fee; flushes too small to tell theirs are left out. */
async function takenRates(chain: PublicClient, deployment: Deployment): Promise<number[]> {
  const events = await chain.getContractEvents({
    ...({ address: deployment.addresses.revenueRouter, abi: revenueRouterAbi } as const),
    ...({ eventName: 'Flushed', fromBlock: BigInt(deployment.startBlock), strict: true } as const),
  });
  return events
    .filter(({ args }) => args.amount >= 1_000_000n)
    .map(({ args }) => Math.round((Number(args.fee) * 10_000) / Number(args.amount)));
}

/**
 * A fee that governance changed may have been taken of a part of the period only. So it lies between what the file's own rate gives
 * and what the highest rate gives that the router ever took; a flush of several parts rounds once, by a few wei up.
 */
function compareFee(data: AnyPeriodData, rates: readonly number[]): Comparison {
  const feeWei = BigInt(data.protocolFeeWei);
  const highest = Math.max(data.protocolFeeBps, ...rates);
  const isTaken = rates.length === 0 || rates.includes(data.protocolFeeBps);
  const isBetween =
    feeWei >= protocolFeeWei(BigInt(data.grossWei), data.protocolFeeBps) &&
    feeWei <= protocolFeeWei(BigInt(data.grossWei), highest) + 1_000n;
  return { what: 'protocol fee is one that the router took', file: 'true', found: String(isTaken && isBetween) };
}

type Place = Omit<Parameters<typeof verifyEpoch>[0], 'bytes'>;

/** The files that the argument names, each read when its turn comes. */
async function* readFiles(
  argument: string | undefined,
  place: Place,
): AsyncGenerator<[name: string, bytes: Uint8Array]> {
  if (argument && /^https?:/.test(argument)) {
    const response = await fetch(argument);
    if (!response.ok) throw new Error(`${argument} answers ${response.status}`);
    yield [argument, new Uint8Array(await response.arrayBuffer())];
    return;
  }
  if (argument && argument !== 'all' && !/^\d+$/.test(argument)) {
    yield [argument, readFileSync(argument)];
    return;
  }
  const submitted = await listSubmitted(place.chain, place.deployment);
  const one = argument ? submitted.find(({ id }) => id === Number(argument)) : submitted.at(-1);
  const wanted = argument === 'all' ? submitted : one ? [one] : [];
  if (wanted.length === 0)
    throw new Error(/^\d/.test(argument ?? '') ? `there is no epoch ${argument}` : 'no epoch was submitted yet');
  for (const { id, uri } of wanted) yield [`epoch ${id}`, readFileSync(join(readSettings().objectStoreDir, uri))];
}

/** Receipts by the root of the epoch that paid them, and the root that it was built upon. */
type Paid = Map<string, { previousRoot: string | null; receipts: Set<string> }>;

/** A receipt is paid once on the way from the first epoch to this one (a revoked one may be left out of the way). */
export function compareReceipts(bytes: Uint8Array, paid: Paid): Comparison {
  const { earningsRoot, previousRoot, receipts } = parsePeriodData(bytes);
  const own = new Set(receipts.map(({ id }) => id));
  let twice = own.size < receipts.length ? 'a receipt of its own' : undefined;
  for (let root: string | null = previousRoot; root !== null && !twice; root = paid.get(root)?.previousRoot ?? null) {
    const before = paid.get(root)?.receipts ?? new Set();
    twice = receipts.find(({ id }) => before.has(id))?.id;
  }
  paid.set(earningsRoot, { previousRoot, receipts: own });
  return { what: 'paid twice', file: 'no receipt', found: twice ?? 'no receipt' };
}

async function main(argument: string | undefined): Promise<number> {
  const { rpcUrl, chainId, deploymentFile } = readSettings();
  const chain = createChainClient({ CHAIN_ID: chainId, RPC_URL: rpcUrl });
  const place = { chain, deployment: readDeployment(deploymentFile) };
  const paid: Paid = new Map();
  for await (const [name, bytes] of readFiles(argument, place)) {
    console.log(name);
    const comparisons = [...(await verifyEpoch({ ...place, bytes })), compareReceipts(bytes, paid)];
    for (const { what, file, found } of comparisons) console.log(`${file === found ? 'ok ' : 'NO '} ${what}: ${file}`);
    const wrong = comparisons.find(({ file, found }) => file !== found);
    if (!wrong) continue;
    console.error(`first difference: ${name}, ${wrong.what}: the file says ${wrong.file}, found ${wrong.found}`);
    return 1;
  }
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exit(
    await main(process.argv[2]).catch((error: unknown) => {
      console.error(`verify: ${(error as Error).message}`);
      return 1;
    }),
  );
}
