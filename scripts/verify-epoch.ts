/**
 * `npm run verify-epoch -- [<number> | all | <file> | <address of a file>]` (the newest when nothing is given): recomputes a reward
 * period from its public data file and compares it with the chain: same root, same total, same receipts, built upon the leaves of
 * an epoch before. Needs no trust in the gateway: the file's own hash is the epoch's `uri` on chain. `all` begins at the first
 * epoch, so that every leaf is followed to the receipts that it came from. Exits 1 with the first difference.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hex, PublicClient } from 'viem';
import { attributionLedgerAbi } from '../contracts-abi/attribution-ledger.ts';
import { revenueRouterAbi } from '../contracts-abi/revenue-router.ts';
import { buildTree } from '../lib/kernel/merkle.ts';
import { packEarningsLeaves } from '../lib/kernel/merkle-leaf.ts';
import { createChainClient } from '../lib/platform/chain/client.ts';
import { type Deployment, readDeployment } from '../lib/platform/deployment.ts';
import { type PeriodRoots, payPeriod, protocolFeeWei } from '../lib/rewards/build-period.ts';
import { periodInputOf } from '../lib/rewards/period-input.ts';
import type { PeriodTerms, PeriodTotals } from '../lib/rewards/period-schema.ts';
import type { ByteSource } from '../lib/rewards/read-lines.ts';
import { type PeriodFile, readPeriod } from '../lib/rewards/read-period.ts';
import { readSettings } from './audit/read-settings.ts';
import { compareTerms } from './verify/compare-terms.ts';
import type { Comparison } from './verify/comparison.ts';

export type EpochInput = {
  /** The data file: its bytes, or where it lies. */
  source: ByteSource;
  chain: PublicClient;
  deployment: Deployment;
  /** The file with this `uri`, where it is at hand: fees by Datanet go on from those of the epoch before. */
  findFile: (uri: string) => ByteSource | null;
};

/** All comparisons, in order; the period is right when `file === found` in each. */
export async function verifyEpoch(input: EpochInput): Promise<Comparison[]> {
  const { source, chain, deployment } = input;
  const file = readPeriod(source);
  const { terms } = file;
  const totals = file.readTotals();
  if (!totals) return [{ what: 'the file is whole', file: 'true', found: 'it has no last line' }];
  const sums = sumReceipts(file); // walks through all of it once and checks each line: later walks need not
  const built = payPeriod(periodInputOf(readPeriod(source, { isOurs: true })), () => {});
  const submitted = await listSubmitted(chain, deployment);
  // The same root twice: the newest, because an earlier one with it was revoked.
  const event = submitted.findLast(({ earningsRoot }) => earningsRoot === totals.earningsRoot) ?? null;
  const previous = findEarlier(terms, event, submitted);
  const contract = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const [top] = event ? await chain.readContract({ ...contract, functionName: 'epochs', args: [event.id] }) : [null];
  const blocks = { previous: previous?.block ?? 0, own: event?.block ?? null };
  return [
    ...compareArithmetic(terms, totals, sums, built),
    compareFee(terms, await takenRates(chain, deployment)),
    ...comparePrevious(file, previous),
    ...(file.version >= 3 ? [compareFees(input, terms, previous)] : []),
    ...(file.version >= 3 ? await compareTerms(input, terms, blocks) : []),
    ...compareChain(terms, totals, deployment, event && { ...event, top: top as Hex }, {
      top: built.top,
      uri: await uriOf(source),
    }),
  ];
}

async function uriOf(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  if (typeof source !== 'string') hash.update(source);
  else for await (const chunk of createReadStream(source)) hash.update(chunk as Uint8Array);
  return `sha256/${hash.digest('hex')}`;
}

type Sums = { grossWei: bigint; unshared: string | null };

function sumReceipts({ receipts }: PeriodFile): Sums {
  const sums: Sums = { grossWei: 0n, unshared: null };
  for (const { id, feeWei, shares, commonPpm } of receipts) {
    sums.grossWei += BigInt(feeWei);
    if (shares.reduce((ppm, [, share]) => ppm + share, commonPpm) !== 1_000_000) sums.unshared ??= id;
  }
  return sums;
}

/** The file against itself: do its own numbers follow from its receipts? */
function compareArithmetic(terms: PeriodTerms, totals: PeriodTotals, sums: Sums, built: PeriodRoots): Comparison[] {
  return [
    { what: 'gross = sum of fees', file: terms.grossWei, found: sums.grossWei.toString() },
    {
      what: 'net + protocol fee = gross',
      file: terms.grossWei,
      found: (BigInt(terms.netWei) + BigInt(terms.protocolFeeWei)).toString(),
    },
    {
      what: 'shares and common part of every receipt sum to 1,000,000 ppm',
      file: 'true',
      found: sums.unshared ? `no: ${sums.unshared}` : 'true',
    },
    { what: 'earnings root', file: totals.earningsRoot, found: built.earningsRoot },
    { what: 'receipts root', file: totals.receiptsRoot, found: built.receiptsRoot },
    { what: 'total', file: totals.totalWei, found: built.totalWei.toString() },
  ];
}

type Submitted = { id: number; earningsRoot: Hex; receiptsRoot: Hex; total: bigint; uri: string; block: number };

/** The epoch whose leaves this one adds to: else a file could bring amounts from nowhere. */
function findEarlier(terms: PeriodTerms, event: Submitted | null, submitted: readonly Submitted[]): Submitted | null {
  const isBefore = (one: Submitted) => one.earningsRoot === terms.previousRoot && (!event || one.id < event.id);
  return submitted.findLast(isBefore) ?? null;
}

function comparePrevious({ terms, previousLeaves }: PeriodFile, previous: Submitted | null): Comparison[] {
  const leaves = Array.from(previousLeaves, ([account, wei]) => ({ account, cumulativeWei: BigInt(wei) }));
  const root = leaves.length > 0 ? buildTree(packEarningsLeaves(leaves)).root : null;
  return [
    { what: 'root of the leaves before', file: String(terms.previousRoot), found: String(root) },
    {
      what: 'an earlier epoch has that root',
      file: 'true',
      found: String(terms.previousRoot === null || previous !== null),
    },
  ];
}

/**
 * Fees by Datanet are leaves beside the receipts. The file of the epoch before says what they were, and is believed as far as its
 * receipts root is the one on chain.
 */
function compareFees({ findFile }: EpochInput, terms: PeriodTerms, previous: Submitted | null): Comparison {
  const file = JSON.stringify(terms.previousFees);
  const what = 'fees by Datanet before';
  if (!previous) return { what, file, found: '[]' };
  const source = findFile(previous.uri);
  if (!source)
    return { what: `${what}: not checked, the file of epoch ${previous.id} is not at hand`, file, found: file };
  const before = payPeriod(periodInputOf(readPeriod(source)), () => {});
  if (before.receiptsRoot !== previous.receiptsRoot) return { what, file, found: 'its file is not what is on chain' };
  const fees = before.datanetFees.map(({ datanet, cumulativeWei }) => [`${datanet}`, `${cumulativeWei}`]);
  return { what, file, found: JSON.stringify(fees) };
}

function compareChain(
  terms: PeriodTerms,
  totals: PeriodTotals,
  deployment: Deployment,
  epoch: (Submitted & { top: Hex }) | null,
  { top, uri }: { top: Hex; uri: string },
): Comparison[] {
  const { attributionLedger, revenueRouter } = deployment.addresses;
  const deployed: Comparison[] = [
    { what: 'chain', file: String(terms.chainId), found: String(deployment.chainId) },
    { what: 'ledger', file: terms.attributionLedger, found: attributionLedger.toLowerCase() },
    { what: 'router', file: terms.revenueRouter, found: revenueRouter.toLowerCase() },
  ];
  if (!epoch) return [...deployed, { what: 'root on chain', file: totals.earningsRoot, found: 'no epoch has it' }];
  return [
    ...deployed,
    { what: 'receipts root on chain', file: totals.receiptsRoot, found: epoch.receiptsRoot },
    { what: 'total on chain', file: totals.totalWei, found: epoch.total.toString() },
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
  return events.map(({ args, blockNumber }) => ({ ...args, block: Number(blockNumber) }));
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
function compareFee(terms: PeriodTerms, rates: readonly number[]): Comparison {
  const feeWei = BigInt(terms.protocolFeeWei);
  const highest = Math.max(terms.protocolFeeBps, ...rates);
  const isTaken = rates.length === 0 || rates.includes(terms.protocolFeeBps);
  const isBetween =
    feeWei >= protocolFeeWei(BigInt(terms.grossWei), terms.protocolFeeBps) &&
    feeWei <= protocolFeeWei(BigInt(terms.grossWei), highest) + 1_000n;
  return { what: 'protocol fee is one that the router took', file: 'true', found: String(isTaken && isBetween) };
}

type Place = Omit<EpochInput, 'source'>;

/** The files that the argument names, each read when its turn comes. */
async function* readFiles(
  argument: string | undefined,
  place: Place,
): AsyncGenerator<[name: string, source: ByteSource]> {
  if (argument && /^https?:/.test(argument)) {
    const response = await fetch(argument);
    if (!response.ok) throw new Error(`${argument} answers ${response.status}`);
    yield [argument, new Uint8Array(await response.arrayBuffer())];
    return;
  }
  if (argument && argument !== 'all' && !/^\d+$/.test(argument)) {
    yield [argument, argument];
    return;
  }
  const submitted = await listSubmitted(place.chain, place.deployment);
  const one = argument ? submitted.find(({ id }) => id === Number(argument)) : submitted.at(-1);
  const wanted = argument === 'all' ? submitted : one ? [one] : [];
  if (wanted.length === 0)
    throw new Error(/^\d/.test(argument ?? '') ? `there is no epoch ${argument}` : 'no epoch was submitted yet');
  for (const { id, uri } of wanted) {
    const source = place.findFile(uri);
    if (!source) throw new Error(`epoch ${id}: its data file ${uri} is not in the object store of this installation`);
    yield [`epoch ${id}`, source];
  }
}

/** Receipts by the root of the epoch that paid them, and the root that it was built upon. */
type Paid = Map<string, { previousRoot: string | null; receipts: Set<string> }>;

/** A receipt is paid once on the way from the first epoch to this one (a revoked one may be left out of the way). */
export function compareReceipts(source: ByteSource, paid: Paid): Comparison {
  const file = readPeriod(source, { isOurs: true });
  const { previousRoot } = file.terms;
  const own = new Set<string>();
  let twice: string | undefined;
  for (const { id } of file.receipts) {
    if (own.has(id)) twice ??= 'a receipt of its own';
    own.add(id);
  }
  for (let root: string | null = previousRoot; root !== null && !twice; root = paid.get(root)?.previousRoot ?? null) {
    const before = paid.get(root)?.receipts;
    if (before) for (const id of own) if (before.has(id)) twice ??= id;
  }
  const earningsRoot = file.readTotals()?.earningsRoot;
  if (earningsRoot) paid.set(earningsRoot, { previousRoot, receipts: own });
  return { what: 'paid twice', file: 'no receipt', found: twice ?? 'no receipt' };
}

async function main(argument: string | undefined): Promise<number> {
  const { rpcUrl, chainId, deploymentFile, objectStoreDir } = readSettings();
  const chain = createChainClient({ CHAIN_ID: chainId, RPC_URL: rpcUrl });
  const findFile = (uri: string) => {
    const path = join(objectStoreDir, uri);
    return existsSync(path) ? path : null;
  };
  const place = { chain, deployment: readDeployment(deploymentFile), findFile };
  const paid: Paid = new Map();
  for await (const [name, source] of readFiles(argument, place)) {
    console.log(name);
    const comparisons = [...(await verifyEpoch({ ...place, source })), compareReceipts(source, paid)];
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
