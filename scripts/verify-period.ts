/**
 * `npm run verify-period -- [epoch or file]` (the newest epoch when nothing is given): recomputes a reward period from its public data file and compares
 * it with the chain: same root, same total, same receipts. Needs no trust in the gateway: the file's own hash is the
 * epoch's `uri` on chain. Exits 1 with the first difference.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Hex, PublicClient } from 'viem';
import { attributionLedgerAbi } from '../contracts-abi/attribution-ledger.ts';
import { createChainClient } from '../lib/platform/chain/client.ts';
import { type Deployment, readDeployment } from '../lib/platform/deployment.ts';
import { protocolFeeWei } from '../lib/rewards/build-period.ts';
import { type PeriodData, type PeriodData1, parsePeriodData, rebuildPeriod } from '../lib/rewards/period-data.ts';
import { readSettings } from './audit/read-settings.ts';

type AnyPeriodData = PeriodData | PeriodData1;
export type Comparison = { what: string; file: string; found: string };

/** All comparisons, in order; the period is right when `file === found` in each. */
export async function verifyPeriod(input: {
  bytes: Uint8Array;
  chain: PublicClient;
  deployment: Deployment;
}): Promise<Comparison[]> {
  const data = parsePeriodData(input.bytes);
  const epoch = await findEpoch(input.chain, input.deployment, data);
  const uri = `sha256/${createHash('sha256').update(input.bytes).digest('hex')}`;
  return [...compareArithmetic(data), ...compareChain(data, input.deployment, epoch, uri)];
}

/** The file against itself: do its own numbers follow from its receipts? */
function compareArithmetic(data: AnyPeriodData): Comparison[] {
  const built = rebuildPeriod(data);
  const grossWei = data.receipts.reduce((sum, receipt) => sum + BigInt(receipt.feeWei), 0n);
  const leastFeeWei = protocolFeeWei(grossWei, data.protocolFeeBps);
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
    // A flush of several parts at once rounds once, so the fee may be a few wei above the floor, never below.
    {
      what: 'protocol fee is the configured one',
      file: 'true',
      found: String(within(BigInt(data.protocolFeeWei), leastFeeWei)),
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

type EpochEvent = { earningsRoot: Hex; receiptsRoot: Hex; total: bigint; uri: string; top: Hex } | null;

function compareChain(data: AnyPeriodData, deployment: Deployment, epoch: EpochEvent, uri: string): Comparison[] {
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
    { what: 'top stored by the contract', file: rebuildPeriod(data).top, found: epoch.top },
    { what: 'uri = hash of this file', file: uri, found: epoch.uri },
  ];
}

async function findEpoch(chain: PublicClient, deployment: Deployment, data: AnyPeriodData): Promise<EpochEvent> {
  const contract = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const submitted = await chain.getContractEvents({
    ...contract,
    eventName: 'EpochSubmitted',
    fromBlock: BigInt(deployment.startBlock),
    strict: true,
  });
  const event = submitted.find(({ args }) => args.earningsRoot === data.earningsRoot)?.args;
  if (!event) return null;
  const [top] = await chain.readContract({ ...contract, functionName: 'epochs', args: [event.id] });
  return {
    earningsRoot: event.earningsRoot,
    receiptsRoot: event.receiptsRoot,
    total: event.total,
    uri: event.uri,
    top,
  };
}

const within = (feeWei: bigint, leastWei: bigint) => feeWei >= leastWei && feeWei - leastWei <= 1_000n;

/** The file that the argument names: an epoch's number (nothing: the newest), or a path. */
async function readFile(argument: string | undefined, place: Omit<Parameters<typeof verifyPeriod>[0], 'bytes'>) {
  if (argument && !/^\d+$/.test(argument)) return readFileSync(argument);
  const submitted = await place.chain.getContractEvents({
    ...({ address: place.deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const),
    ...({ eventName: 'EpochSubmitted', fromBlock: BigInt(place.deployment.startBlock), strict: true } as const),
  });
  const event = argument ? submitted.find(({ args }) => args.id === Number(argument)) : submitted.at(-1);
  if (!event) throw new Error(argument ? `there is no epoch ${argument}` : 'no epoch was submitted yet');
  return readFileSync(join(readSettings().objectStoreDir, event.args.uri));
}

async function main(argument: string | undefined): Promise<number> {
  const { rpcUrl, chainId, deploymentFile } = readSettings();
  const chain = createChainClient({ CHAIN_ID: chainId, RPC_URL: rpcUrl });
  const place = { chain, deployment: readDeployment(deploymentFile) };
  const comparisons = await verifyPeriod({ ...place, bytes: await readFile(argument, place) });
  for (const { what, file, found } of comparisons) console.log(`${file === found ? 'ok ' : 'NO '} ${what}: ${file}`);
  const wrong = comparisons.find(({ file, found }) => file !== found);
  if (wrong) console.error(`first difference: ${wrong.what}: the file says ${wrong.file}, found ${wrong.found}`);
  return wrong ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exit(
    await main(process.argv[2]).catch((error: unknown) => {
      console.error(`verify: ${(error as Error).message}`);
      return 1;
    }),
  );
}
