/**
 * Deploys the contracts that a chain does not have yet.
 *
 *   node scripts/contracts/deploy.ts --rpc http://127.0.0.1:8545 --out .data/deployment.json
 *
 * The command line deploys the devnet (31337) with the published devnet key; public chains call `deploy` with their own.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type Address,
  BaseError,
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  keccak256,
  type PublicClient,
  parseAbiItem,
  toHex,
  zeroAddress,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { bytecodes } from './bytecodes.ts';
import type { Deployer, DeployProgress } from './deployer.ts';
import { devnetAccount, devnetConfig, devnetRoles } from './devnet-config.ts';
import { fundDevnet } from './fund-devnet.ts';
import {
  type Addresses,
  create2Proxy,
  create2ProxyCodeHash,
  type DeployConfig,
  type DeployStep,
  planDeployment,
} from './plan-deployment.ts';
import { verifyDeployment } from './verify-deployment.ts';

/** The result of a deployment, and the shape of the file that the application reads. JSON: amounts are strings. */
export type DeploymentRecord = {
  chainId: number;
  /** The block from which an indexer must read. */
  startBlock: number;
  addresses: Addresses;
  config: {
    windowSeconds: number;
    disputeTimeoutSeconds: number;
    protocolFeeBps: number;
    splitDelaySeconds: number;
    publisherBondWei: string;
    challengeBondWei: string;
    treasury: Address;
    court: Address;
    guardian: Address;
    operator: Address;
    gatewayId: Hex;
  };
};

/** What happened to one part of a deployment; `created` false means that the chain had it already. */
export type DeployParameters = {
  rpcUrl: string;
  /** The chain that the caller means: any other is refused before anything is sent. */
  chainId: number;
  privateKey: Hex;
  config: DeployConfig;
  /** The file of an earlier run, if any: keeps its start block. Also where the record is written. */
  recordPath?: string;
  onStep?: (progress: DeployProgress) => void;
};

/**
 * Deploys through the CREATE2 proxy whatever has no code yet, so that a second run, or one after a crash, only
 * completes. On chain 31337 it also stocks the faucet and the numbered devnet accounts.
 *
 * Throws when the chain id is not the expected one, the proxy is missing, or code or configuration read back differ.
 */
export async function deploy(parameters: DeployParameters): Promise<DeploymentRecord> {
  const { config, chainId, onStep = () => {} } = parameters;
  const deployer = connect(parameters);
  const actual = await deployer.reader.getChainId();
  if (actual !== chainId) throw new Error(`the RPC serves chain ${actual}, expected ${chainId}: nothing was sent`);
  await requireProxy(deployer.reader);
  const { steps, addresses } = planDeployment({ config, bytecodes });
  let startBlock = previousStartBlock(parameters, addresses);
  for (const step of steps) {
    const created = await createContract(deployer, step);
    startBlock ??= created?.blockNumber;
    onStep({
      name: step.name,
      created: created !== null,
      address: step.address,
      ...(created && { hash: created.hash }),
    });
  }
  startBlock ??= await findMintBlock(deployer.reader, addresses.openToken);
  await verifyDeployment(deployer.reader, addresses, config);
  if (chainId === 31337 && addresses.faucet) await fundDevnet(deployer, addresses, { fromBlock: startBlock, onStep });
  const record = toRecord(chainId, startBlock, addresses, config);
  if (parameters.recordPath) writeRecord(parameters.recordPath, record);
  return record;
}

function connect({ rpcUrl, chainId, privateKey }: DeployParameters): Deployer {
  const account = privateKeyToAccount(privateKey);
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  const transport = http(rpcUrl);
  const reader = createPublicClient({ chain, transport, pollingInterval: 100 });
  return { account, chain, reader, wallet: createWalletClient({ account, chain, transport }) };
}

async function requireProxy(reader: PublicClient): Promise<void> {
  const code = await reader.getCode({ address: create2Proxy });
  if (!code || keccak256(code) !== create2ProxyCodeHash) {
    throw new Error(`the chain has no deterministic-deployment proxy at ${create2Proxy}`);
  }
}

/** Sends the creation unless the address has code. Returns null when there was nothing to do. */
async function createContract(
  deployer: Deployer,
  step: DeployStep,
): Promise<{ hash: Hex; blockNumber: number } | null> {
  const { account, chain, reader, wallet } = deployer;
  if (await reader.getCode({ address: step.address })) return null;
  const hash = await wallet
    .sendTransaction({ account, chain, to: create2Proxy, data: step.data })
    .catch((cause: unknown) => {
      const reason = cause instanceof BaseError ? cause.shortMessage : String(cause);
      throw new Error(`${step.name} could not be created at ${step.address}: ${reason}`, { cause });
    });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  // The code decides, not the status: an earlier run's transaction may have been mined in between.
  const code = await reader.getCode({ address: step.address });
  if (!code)
    throw new Error(`${step.name} was not created at ${step.address} (transaction ${hash}, ${receipt.status})`);
  return { hash, blockNumber: Number(receipt.blockNumber) };
}

function previousStartBlock(parameters: DeployParameters, addresses: Addresses): number | undefined {
  if (!parameters.recordPath) return undefined;
  try {
    const old = JSON.parse(readFileSync(parameters.recordPath, 'utf8')) as DeploymentRecord;
    const same = old.chainId === parameters.chainId && JSON.stringify(old.addresses) === JSON.stringify(addresses);
    return same ? old.startBlock : undefined;
  } catch {
    return undefined; // No record, or one cut short by a crash: the chain tells.
  }
}

/** The block of our OpenToken's only mint; block 0 where the token is not ours and no record was kept. */
async function findMintBlock(reader: PublicClient, token: Address): Promise<number> {
  const event = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');
  const mints = await reader.getLogs({ address: token, event, args: { from: zeroAddress }, fromBlock: 0n });
  return Number(mints[0]?.blockNumber ?? 0n);
}

function toRecord(chainId: number, startBlock: number, addresses: Addresses, config: DeployConfig): DeploymentRecord {
  const { windowSeconds, disputeTimeoutSeconds, protocolFeeBps, splitDelaySeconds } = config;
  const { treasury, court, guardian, operator, gatewayId } = config;
  return {
    chainId,
    startBlock,
    addresses,
    config: {
      windowSeconds,
      disputeTimeoutSeconds,
      protocolFeeBps,
      splitDelaySeconds,
      publisherBondWei: config.publisherBondWei.toString(),
      challengeBondWei: config.challengeBondWei.toString(),
      treasury,
      court,
      guardian,
      operator,
      gatewayId,
    },
  };
}

/** Written beside and renamed, so that a crash never leaves half a file. */
function writeRecord(path: string, record: DeploymentRecord): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { rpc: { type: 'string', default: 'http://127.0.0.1:8545' }, out: { type: 'string' } },
  });
  const key = devnetAccount(devnetRoles.deployer).getHdKey().privateKey;
  const record = await deploy({
    rpcUrl: values.rpc,
    chainId: 31337,
    privateKey: toHex(key as Uint8Array),
    config: devnetConfig,
    ...(values.out && { recordPath: values.out }),
    onStep: ({ name, created, address }) => console.log(`${created ? 'done  ' : 'there '} ${name} ${address ?? ''}`),
  });
  console.log(JSON.stringify(record, null, 2));
}
