import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hex,
  http,
  keccak256,
  parseEther,
  toHex,
} from 'viem';
import { foundry } from 'viem/chains';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesByChain } from '#contracts-abi/addresses.ts';
import { allBytecodes } from '#contracts-abi/all-bytecodes.ts';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { callRpc } from '../up/devnet/call-rpc.ts';
import { readChainFile } from './chain-file.ts';
import { deploy } from './deploy.ts';
import type { DeployParameters, DeployProgress } from './deployer.ts';
import { devnetAccount, devnetConfig, devnetRoles } from './devnet-config.ts';
import { create2Proxy, planDeployment } from './plan-deployment.ts';
import { publicConfig } from './public-config.ts';
import { readParameters } from './read-parameters.ts';
import { startAnvil, type TestChain } from './start-anvil.ts';

const deployer = devnetAccount(devnetRoles.deployer);
let chain: TestChain;
let folder: string;

beforeEach(async () => {
  chain = await startAnvil();
  folder = mkdtempSync(join(tmpdir(), 'deploy-'));
});

afterEach(async () => {
  await chain.stop();
  rmSync(folder, { recursive: true });
});

function parameters(onStep?: DeployParameters['onStep']): DeployParameters {
  const privateKey = toHex(deployer.getHdKey().privateKey!);
  const recordPath = join(folder, 'deployment.json');
  return {
    rpcUrl: chain.rpcUrl,
    chainId: 31337,
    privateKey,
    config: devnetConfig,
    recordPath,
    ...(onStep && { onStep }),
  };
}

function clients() {
  const transport = http(chain.rpcUrl);
  return {
    reader: createPublicClient({ chain: foundry, transport, pollingInterval: 20 }),
    wallet: createWalletClient({ chain: foundry, transport, account: deployer }),
  };
}

function entryOf(directory: Address, name: string): Promise<Address> {
  const args = [keccak256(toHex(name))] as const;
  return clients().reader.readContract({ address: directory, abi: directoryAbi, functionName: 'addressOf', args });
}

const seat = (name: string, target: Address): Hex =>
  encodeFunctionData({ abi: directoryAbi, functionName: 'set', args: [keccak256(toHex(name)), target] });

/** Sends in the name of a contract, as anvil lets a test do. */
async function actAs(from: Address, call: { to: Address; data: Hex }): Promise<void> {
  const rpc = (method: string, params: unknown[]) => callRpc(chain.rpcUrl, method, params);
  await rpc('anvil_impersonateAccount', [from]);
  await rpc('anvil_setBalance', [from, '0xde0b6b3a7640000']);
  await clients().reader.waitForTransactionReceipt({
    hash: (await rpc('eth_sendTransaction', [{ from, ...call }])) as Hex,
  });
}

const created = (steps: DeployProgress[]) => steps.filter((step) => step.created).map((step) => step.name);

describe('deploy', () => {
  it('puts the contracts where contracts-abi/addresses.ts says, and writes the record', async () => {
    const record = await deploy(parameters());
    // Emissions begin with the chain, so their contract is at another address each time.
    const { emissionController, ...fixed } = record.addresses;
    expect(fixed).toEqual(addressesByChain[31337]);
    expect(emissionController).toBeDefined();
    expect(JSON.parse(readFileSync(join(folder, 'deployment.json'), 'utf8'))).toEqual(record);
  });

  it('completes what an earlier run left undone, and does nothing twice', async () => {
    const { reader, wallet } = clients();
    const config = { ...devnetConfig, emission: { ...devnetConfig.emission, startSeconds: 1_800_000_000 } };
    const { steps, addresses } = planDeployment({ config, bytecodes: allBytecodes });
    for (const step of steps.slice(0, 3)) {
      const hash = await wallet.sendTransaction({ to: create2Proxy, data: step.data });
      await reader.waitForTransactionReceipt({ hash });
    }
    const first: DeployProgress[] = [];
    const record = await deploy({ ...parameters((step) => first.push(step)), config });
    expect(created(first).slice(0, steps.length - 3)).toEqual(steps.slice(3).map((step) => step.name));

    // A person spends everything; a restart must not refill the account.
    const person = devnetAccount(3);
    const token = { address: addresses.openToken, abi: openTokenAbi } as const;
    const spend = { functionName: 'transfer', args: [deployer.address, parseEther('100000')] } as const;
    const hash = await wallet.writeContract({ ...token, ...spend, account: person });
    await reader.waitForTransactionReceipt({ hash });

    for (const keepRecord of [true, false]) {
      if (!keepRecord) rmSync(join(folder, 'deployment.json'));
      const again: DeployProgress[] = [];
      const second = await deploy({ ...parameters((step) => again.push(step)), config });
      expect(created(again)).toEqual([]);
      expect(second).toEqual(keepRecord ? record : { ...record, startBlock: 1 });
    }
    const left = await reader.readContract({ ...token, functionName: 'balanceOf', args: [person.address] });
    expect(left).toBe(0n);
  });

  it('survives a record that was cut short', async () => {
    writeFileSync(join(folder, 'deployment.json'), '{"chainId": 313');
    await expect(deploy(parameters())).resolves.toMatchObject({ startBlock: 1 });
  });

  it('refuses an unexpected chain before sending anything', async () => {
    await expect(deploy({ ...parameters(), chainId: 1612 })).rejects.toThrow('serves chain 31337, expected 1612');
    expect(await clients().reader.getBlockNumber()).toBe(0n);
  });

  it('refuses a chain whose CREATE2 proxy is missing or another contract', async () => {
    for (const code of ['0x', '0x600160005260206000f3'] satisfies Hex[]) {
      const request = { method: 'anvil_setCode', params: [create2Proxy, code] };
      await clients().reader.request(
        request as unknown as Parameters<ReturnType<typeof clients>['reader']['request']>[0],
      );
      await expect(deploy(parameters())).rejects.toThrow('no deterministic-deployment proxy');
    }
  });

  it('stops at the contract that refuses its configuration, and names it', async () => {
    const config = { ...devnetConfig, protocolFeeBps: 1001 };
    await expect(deploy({ ...parameters(), config })).rejects.toThrow('ModelRegistry could not be created');
  });

  it('uses an OPEN that exists, without token, faucet or gifts', async () => {
    const { addresses } = await deploy(parameters());
    const steps: DeployProgress[] = [];
    const { openToken } = addresses;
    const config = { ...devnetConfig, openToken, governanceOpen: addresses.governanceOpen };
    const first = await deploy({ ...parameters((step) => steps.push(step)), config });
    expect(created(steps)).toEqual([]);
    expect(first.addresses).not.toHaveProperty('faucet');
  });

  it('deploys what changed beside the old, keeps OPEN, and changes the Directory through its timelock', async () => {
    const governance = { ...devnetConfig.governance, slowDelaySeconds: 1, fastDelaySeconds: 1 };
    const config = { ...devnetConfig, governance };
    const first = await deploy({ ...parameters(), config });
    const steps: DeployProgress[] = [];
    const changed = { ...config, timeScale: 60 };
    const second = await deploy({ ...parameters((step) => steps.push(step)), config: changed });
    expect(created(steps)).toContain('Params');
    expect(created(steps)).not.toContain('OpenToken');
    expect(second).toMatchObject({ startBlock: first.startBlock, earlier: [{ params: first.addresses.params }] });
    expect(await entryOf(second.addresses.directory, 'Params')).toBe(second.addresses.params);
    const directory = { address: second.addresses.directory, abi: directoryAbi } as const;
    const args = [first.addresses.params] as const;
    const sunset = await clients().reader.readContract({ ...directory, functionName: 'sunsetAt', args });
    expect(sunset).toBeGreaterThan(0n);
  });

  it('moves nothing that must stay, and sends nothing then', async () => {
    await deploy(parameters());
    const block = await clients().reader.getBlockNumber();
    const other = { ...parameters(), config: { ...devnetConfig, windowSeconds: 3_600 } };
    await expect(deploy({ ...other, mustStay: true })).rejects.toThrow(
      'attributionLedger, revenueRouter, bounties would move: nothing was sent',
    );
    expect(await clients().reader.getBlockNumber()).toBe(block);
  });

  it('tells what to propose where only a vote can change the Directory', async () => {
    const { extraProposer: _, ...governance } = devnetConfig.governance;
    await deploy({ ...parameters(), config: { ...devnetConfig, governance } });
    const changed = deploy({ ...parameters(), config: { ...devnetConfig, governance, timeScale: 60 } });
    await expect(changed).rejects.toThrow('the Directory needs a proposal with these calls');
  });
});

describe('deploy to a public chain', () => {
  const chainFile = readChainFile('openledger-testnet');
  const environment = {
    DEPLOYER_PRIVATE_KEY: toHex(deployer.getHdKey().privateKey!),
    GUARDIAN_ADDRESS: devnetAccount(devnetRoles.guardian).address,
    OPERATOR_ADDRESS: devnetAccount(devnetRoles.operator).address,
    ROTATION_AUTHORITY_ADDRESS: devnetAccount(devnetRoles.operator).address,
  };
  const testnet = (rest: Partial<DeployParameters> = {}): DeployParameters => ({
    ...readParameters(['--chain', chainFile.name, '--rpc', chain.rpcUrl], environment),
    recordPath: join(folder, 'deployment.json'),
    ...rest,
  });

  it('wraps the native OPEN, has the settings of the protocol, and a second run finds all of it', async () => {
    await chain.stop();
    chain = await startAnvil(['--chain-id', String(chainFile.id)]);
    const first = await deploy(testnet());
    expect(first.addresses).toMatchObject({ wrappedOpen: first.addresses.openToken });
    expect(first.addresses).not.toHaveProperty('faucet');
    expect(first.config.treasury).toBe(first.addresses.timelockSlow);
    const { directory, guardian, disputeCourt, timelockSlow } = first.addresses;
    expect(await entryOf(directory, 'DisputeCourt')).toBe(guardian);
    // What governance decides since is not undone by the next run.
    await actAs(timelockSlow, { to: directory, data: seat('DisputeCourt', disputeCourt) });
    const steps: DeployProgress[] = [];
    expect(await deploy(testnet({ onStep: (step) => steps.push(step) }))).toEqual(first);
    expect(created(steps)).toEqual([]);
    expect(await entryOf(directory, 'DisputeCourt')).toBe(disputeCourt);
  });

  it('refuses settings that are not the protocol’s', async () => {
    await chain.stop();
    chain = await startAnvil(['--chain-id', String(chainFile.id)]);
    const config = publicConfig(chainFile, deployer.address, environment);
    const governance = { ...config.governance, quorumFloorWei: parseEther('1') };
    await expect(deploy(testnet({ config: { ...config, governance } }))).rejects.toThrow('governance.quorumFloorWei');
    await expect(deploy(testnet({ config: { ...config, timeScale: 2 } }))).rejects.toThrow('timeScale is 2');
    const favoured = { ...config.governance, extraProposer: deployer.address };
    await expect(deploy(testnet({ config: { ...config, governance: favoured } }))).rejects.toThrow('extraProposer');
    expect(await clients().reader.getBlockNumber()).toBe(0n);
  });

  it('names every party that is missing, unknown chains and missing keys, before anything is sent', () => {
    const parse = (args: string[], given: Record<string, string>) => () => readParameters(args, given);
    const { GUARDIAN_ADDRESS: _, ...without } = environment;
    expect(parse(['--chain', 'openledger'], without)).toThrow('openledger needs addresses in GUARDIAN_ADDRESS');
    expect(parse(['--chain', 'openledger'], {})).toThrow('DEPLOYER_PRIVATE_KEY');
    expect(parse(['--chain', 'openledger-testnet'], environment)).toThrow('no RPC address');
    expect(parse(['--chain', 'mainnet'], environment)).toThrow('--chain mainnet is unknown');
  });
});
