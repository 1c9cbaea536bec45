import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPublicClient, createWalletClient, type Hex, http, parseEther, toHex } from 'viem';
import { foundry } from 'viem/chains';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addressesByChain } from '#contracts-abi/addresses.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { bytecodes } from './bytecodes.ts';
import { type DeployParameters, deploy } from './deploy.ts';
import type { DeployProgress } from './deployer.ts';
import { devnetAccount, devnetConfig, devnetRoles } from './devnet-config.ts';
import { create2Proxy, planDeployment } from './plan-deployment.ts';
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

const created = (steps: DeployProgress[]) => steps.filter((step) => step.created).map((step) => step.name);

describe('deploy', () => {
  it('puts the contracts where contracts-abi/addresses.ts says, and writes the record', async () => {
    const record = await deploy(parameters());
    expect(record.addresses).toEqual(addressesByChain[31337]);
    expect(JSON.parse(readFileSync(join(folder, 'deployment.json'), 'utf8'))).toEqual(record);
  });

  it('completes what an earlier run left undone, and does nothing twice', async () => {
    const { reader, wallet } = clients();
    const { steps, addresses } = planDeployment({ config: devnetConfig, bytecodes });
    for (const step of steps.slice(0, 3)) {
      const hash = await wallet.sendTransaction({ to: create2Proxy, data: step.data });
      await reader.waitForTransactionReceipt({ hash });
    }
    const first: DeployProgress[] = [];
    const record = await deploy(parameters((step) => first.push(step)));
    expect(created(first).slice(0, 4)).toEqual(steps.slice(3).map((step) => step.name));

    // A person spends everything; a restart must not refill the account.
    const person = devnetAccount(3);
    const token = { address: addresses.openToken, abi: openTokenAbi } as const;
    const spend = { functionName: 'transfer', args: [deployer.address, parseEther('100000')] } as const;
    const hash = await wallet.writeContract({ ...token, ...spend, account: person });
    await reader.waitForTransactionReceipt({ hash });

    for (const keepRecord of [true, false]) {
      if (!keepRecord) rmSync(join(folder, 'deployment.json'));
      const again: DeployProgress[] = [];
      const second = await deploy(parameters((step) => again.push(step)));
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
    const config = { ...devnetConfig, openToken: addresses.openToken, windowSeconds: 3600 };
    const second = await deploy({ ...parameters((step) => steps.push(step)), config });
    expect(created(steps)).toEqual(['AttributionLedger', 'RevenueRouter']);
    expect(second.addresses).not.toHaveProperty('faucet');
  });
});
