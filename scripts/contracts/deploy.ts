/**
 * Deploys the contracts that a chain does not have yet, fills the Directory, hands it to governance, and checks it all.
 *
 *   npm run deploy -- --chain devnet|openledger-testnet|openledger [--rpc URL] [--out FILE]
 *
 * The devnet is deployed with the published devnet key. Other chains take DEPLOYER_PRIVATE_KEY and the parties' addresses
 * from the environment (public-config.ts), and write deployments/<id>.json and contracts-abi/addresses.ts.
 */
import { pathToFileURL } from 'node:url';
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
  zeroAddress,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { allBytecodes } from '#contracts-abi/all-bytecodes.ts';
import { buildContracts } from './build.ts';
import { ContractsMovedError, type Deployer, type DeployParameters, type DeployProgress } from './deployer.ts';
import { type DeploymentRecord, readRecord, toRecord, writeRecord } from './deployment-record.ts';
import { withEmissionStart } from './emission-start.ts';
import { fillDirectory } from './fill-directory.ts';
import { fundDevnet } from './fund-devnet.ts';
import { introduceRouter } from './introduce-router.ts';
import {
  type Addresses,
  create2Proxy,
  create2ProxyCodeHash,
  type DeployConfig,
  type DeployStep,
  planDeployment,
} from './plan-deployment.ts';
import { requirePublicSettings } from './public-config.ts';
import { readParameters } from './read-parameters.ts';
import { verifyDeployment } from './verify-deployment.ts';

/**
 * Deploys through the CREATE2 proxy whatever has no code yet, so that a second run, or one after a crash, only
 * completes. Over an earlier deployment, what changed is deployed beside it and OPEN stays. On chain 31337 it also stocks
 * the faucet and the numbered devnet accounts.
 *
 * Throws when the chain id is not the expected one, the proxy is missing, or code or configuration read back differ;
 * {@link ContractsMovedError} before anything is sent when `mustStay` and a contract would get another address.
 */
export async function deploy(parameters: DeployParameters): Promise<DeploymentRecord> {
  const { chainId, onStep = () => {} } = parameters;
  const deployer = connect(parameters);
  const actual = await deployer.reader.getChainId();
  if (actual !== chainId) throw new Error(`the RPC serves chain ${actual}, expected ${chainId}: nothing was sent`);
  if (chainId !== 31337) requirePublicSettings(parameters.config);
  await requireProxy(deployer.reader);
  const previous = await findPrevious(deployer.reader, parameters);
  const config = await withEmissionStart(deployer.reader, keepTokens(parameters.config, previous));
  const { steps, addresses } = planDeployment({ config, bytecodes: allBytecodes });
  requireUnmoved(parameters, previous, addresses);
  const firstBlock = await createContracts(deployer, steps, onStep);
  await fillDirectory(deployer, addresses, config, onStep);
  await introduceRouter(deployer, addresses);
  await verifyDeployment(deployer.reader, { addresses, config });
  const startBlock = previous?.startBlock ?? firstBlock ?? (await findMintBlock(deployer.reader, addresses.openToken));
  if (chainId === 31337 && addresses.faucet) await fundDevnet(deployer, addresses, { fromBlock: startBlock, onStep });
  const record = toRecord(chainId, startBlock, addresses, config, previous);
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
  const reader = createPublicClient({ chain, transport, pollingInterval: chainId === 31337 ? 20 : 1_000 });
  return { account, chain, reader, wallet: createWalletClient({ account, chain, transport }) };
}

async function requireProxy(reader: PublicClient): Promise<void> {
  const code = await reader.getCode({ address: create2Proxy });
  if (!code || keccak256(code) !== create2ProxyCodeHash) {
    throw new Error(`the chain has no deterministic-deployment proxy at ${create2Proxy}`);
  }
}

/** The earlier deployment on this very chain: a record whose OPEN is not there is of another life of the chain. */
async function findPrevious(
  reader: PublicClient,
  { recordPath, chainId }: DeployParameters,
): Promise<DeploymentRecord | undefined> {
  const record = readRecord(recordPath, chainId);
  return record && (await reader.getCode({ address: record.addresses.openToken })) ? record : undefined;
}

/** People hold balances of the tokens that are there: they stay, unless the configuration names others. */
function keepTokens(config: DeployConfig, previous: DeploymentRecord | undefined): DeployConfig {
  if (!previous || config.openToken) return config;
  const { openToken, faucet, governanceOpen } = previous.addresses;
  return { ...config, openToken, ...(faucet && { faucet }), ...(governanceOpen && { governanceOpen }) };
}

function requireUnmoved(
  { mustStay = false }: DeployParameters,
  previous: DeploymentRecord | undefined,
  addresses: Addresses,
): void {
  const now = addresses as Record<string, Address | undefined>;
  const moved = Object.entries(previous?.addresses ?? {}).flatMap(([name, before]) =>
    before === now[name] ? [] : [name],
  );
  if (mustStay && moved.length > 0) throw new ContractsMovedError(moved);
}

/** Creates what has no code. Returns the block of the first creation, if there was any. */
async function createContracts(
  deployer: Deployer,
  steps: readonly DeployStep[],
  onStep: (progress: DeployProgress) => void,
): Promise<number | undefined> {
  const codes = await Promise.all(steps.map(({ address }) => deployer.reader.getCode({ address })));
  let firstBlock: number | undefined;
  for (const [at, step] of steps.entries()) {
    const created = codes[at] ? null : await createContract(deployer, step);
    firstBlock ??= created?.blockNumber;
    onStep({
      name: step.name,
      created: created !== null,
      address: step.address,
      ...(created && { hash: created.hash }),
    });
  }
  return firstBlock;
}

async function createContract(deployer: Deployer, step: DeployStep): Promise<{ hash: Hex; blockNumber: number }> {
  const { account, chain, reader, wallet } = deployer;
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

/** The block of our OpenToken's only mint; block 0 where the token is not ours and no record was kept. */
async function findMintBlock(reader: PublicClient, token: Address): Promise<number> {
  const event = parseAbiItem('event Transfer(address indexed from, address indexed to, uint256 value)');
  const mints = await reader.getLogs({ address: token, event, args: { from: zeroAddress }, fromBlock: 0n });
  return Number(mints[0]?.blockNumber ?? 0n);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const record = await deploy({
    ...readParameters(process.argv.slice(2), process.env),
    onStep: ({ name, created, address }) => console.log(`${created ? 'done  ' : 'there '} ${name} ${address ?? ''}`),
  });
  if (record.chainId !== 31337) await buildContracts(); // addresses of every chain are in contracts-abi/
  console.log(JSON.stringify(record, null, 2));
}
