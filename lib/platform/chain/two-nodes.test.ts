import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAnvil } from '#scripts/up/devnet/anvil-process.ts';
import { callRpc } from '#scripts/up/devnet/call-rpc.ts';
import { createChainClient } from './client.ts';
import { compareNodes } from './compare-nodes.ts';

const chainId = 31_337;
const genesisTimestamp = 1_700_000_000;
let first: Awaited<ReturnType<typeof startAnvil>>;
let second: Awaited<ReturnType<typeof startAnvil>>;
let broken: Server;
let brokenUrl: string;
const env = (RPC_URL: string, RPC_URL_SECOND: string | undefined) => ({ CHAIN_ID: chainId, RPC_URL, RPC_URL_SECOND });

beforeAll(async () => {
  [first, second] = await Promise.all([
    startAnvil({ chainId, genesisTimestamp }),
    startAnvil({ chainId, genesisTimestamp }),
  ]);
  broken = createServer((_, response) => response.writeHead(500).end('{}'));
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  brokenUrl = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
}, 30_000);
afterAll(() => {
  first?.child.kill('SIGKILL');
  second?.child.kill('SIGKILL');
  broken?.close();
});

describe('two nodes', () => {
  it('the second answers what the first cannot', async () => {
    await expect(createChainClient(env(brokenUrl, undefined)).getBlockNumber()).rejects.toThrow();
    expect(await createChainClient(env(brokenUrl, first.url)).getBlockNumber()).toBe(0n);
  });

  it('are compared: equal, one silent, one stuck, and one that has other blocks', async () => {
    expect(await compareNodes(env(first.url, undefined))).toBeNull();
    expect(await compareNodes(env(first.url, second.url))).toBeNull();
    expect(await compareNodes(env(first.url, brokenUrl))).toContain('RPC_URL_SECOND does not answer');
    await callRpc(first.url, 'anvil_mine', ['0x50']);
    expect(await compareNodes(env(first.url, second.url))).toBe('RPC_URL_SECOND is 80 blocks behind the other node.');
    await callRpc(second.url, 'anvil_setCoinbase', [`0x${'1'.repeat(40)}`]);
    await callRpc(second.url, 'anvil_mine', ['0x50']);
    expect(await compareNodes(env(first.url, second.url))).toContain('different blocks at height 72');
    expect(await compareNodes({ ...env(first.url, second.url), CHAIN_ID: 1 })).toContain('RPC_URL serves chain 31337');
  });
});
