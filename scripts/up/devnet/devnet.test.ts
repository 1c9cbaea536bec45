import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPublicClient, createWalletClient, http, parseEther } from 'viem';
import { foundry } from 'viem/chains';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devnetAccount } from '../../contracts/devnet-config.ts';
import { freePort } from '../ports.ts';
import { findProcess } from '../process-info.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const sender = devnetAccount(0);
const receiver = '0x00000000000000000000000000000000000c0ffe';

let dir: string;
let port: number;
let gateway: ChildProcess;
let output = '';

const transport = () => http(`http://127.0.0.1:${port}`, { retryCount: 0 });
const reader = () => createPublicClient({ chain: foundry, transport: transport(), pollingInterval: 20 });
const writer = () => createWalletClient({ account: sender, chain: foundry, transport: transport() });
const pay = () => writer().sendTransaction({ to: receiver, value: parseEther('1') });
const blockHashes = async () => {
  const head = Number(await reader().getBlockNumber());
  const blocks = Array.from({ length: head + 1 }, (_, number) => reader().getBlock({ blockNumber: BigInt(number) }));
  return (await Promise.all(blocks)).map((block) => block.hash);
};
const anvilPid = () => (JSON.parse(readFileSync(join(dir, 'anvil.pid.json'), 'utf8')) as { pid: number }).pid;

async function startGateway(): Promise<void> {
  gateway = spawn(process.execPath, [main, '--dir', dir, '--port', String(port), '--chain-id', '31337']);
  gateway.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  gateway.stderr?.pipe(process.stderr);
  await expect
    .poll(
      () =>
        reader()
          .getBlockNumber()
          .catch(() => null),
      { timeout: 15_000 },
    )
    .not.toBeNull();
}

async function endGateway(signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => gateway.once('exit', resolve));
  gateway.kill(signal);
  await ended;
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-devnet-'));
  port = await freePort();
  output = '';
  await startGateway();
});

afterEach(async () => {
  if (gateway.exitCode === null && gateway.signalCode === null) await endGateway('SIGTERM');
  rmSync(dir, { recursive: true, force: true });
});

describe('devnet', () => {
  it('loses nothing when anvil is killed: the same blocks to the hash', async () => {
    // By which the launcher knows its own from another that has the port.
    expect((await fetch(`http://127.0.0.1:${port}`)).headers.get('x-devnet-pid')).toBe(String(gateway.pid));
    for (let payment = 0; payment < 3; payment += 1) await pay();
    const before = await blockHashes();
    process.kill(anvilPid(), 'SIGKILL');
    expect((await blockHashes()).slice(0, before.length)).toEqual(before);
    const hash = await pay();
    expect((await reader().waitForTransactionReceipt({ hash })).status).toBe('success');
    expect(await reader().getBalance({ address: receiver })).toBe(parseEther('4'));
  });

  it('loses nothing when both are killed, also with a line cut short at the end of the journal', async () => {
    const hash = await pay();
    const before = await blockHashes();
    const orphan = anvilPid();
    await endGateway('SIGKILL');
    const journal = readdirSync(dir).find((name) => name.startsWith('journal-'));
    appendFileSync(join(dir, journal!), '{"kind":"transac');
    await startGateway();
    expect((await blockHashes()).slice(0, before.length)).toEqual(before);
    expect((await reader().getTransactionReceipt({ hash })).status).toBe('success');
    expect(findProcess(orphan)).toBeNull();
    expect(output).not.toContain('WARNING');
  });

  it('continues from its checkpoint after a clean stop', async () => {
    await pay();
    const before = await blockHashes();
    await endGateway('SIGTERM');
    expect(readdirSync(dir)).toContain('checkpoint-1.json');
    await startGateway();
    expect((await blockHashes()).slice(0, before.length)).toEqual(before);
    await pay();
    expect(await reader().getBalance({ address: receiver })).toBe(parseEther('2'));
  });

  it('keeps a transaction that waits for a smaller nonce, through a kill and a clean stop', async () => {
    const later = await writer().sendTransaction({ to: receiver, value: parseEther('1'), nonce: 1 });
    await endGateway('SIGKILL');
    await startGateway();
    await endGateway('SIGTERM');
    await startGateway();
    await writer().sendTransaction({ to: receiver, value: parseEther('1'), nonce: 0 });
    expect((await reader().waitForTransactionReceipt({ hash: later })).status).toBe('success');
    expect(await reader().getBalance({ address: receiver })).toBe(parseEther('2'));
  });

  it('answers payments sent while anvil is being killed, and counts each once', async () => {
    const hashes: `0x${string}`[] = [];
    for (let payment = 0; payment < 6; payment += 1) {
      if (payment % 2 === 0) setTimeout(() => process.kill(anvilPid(), 'SIGKILL'), payment);
      hashes.push(await pay());
    }
    for (const hash of hashes) expect((await reader().waitForTransactionReceipt({ hash })).status).toBe('success');
    expect(await reader().getBalance({ address: receiver })).toBe(parseEther('6'));
  });

  it('saves the chain on its own when the journal has grown, and goes on from there', async () => {
    const request = { to: receiver, value: 1n, gas: 21_000n, maxFeePerGas: 2n * 10n ** 9n } as const;
    const raws = Array.from({ length: 160 }, (_, nonce) =>
      sender.signTransaction({ ...request, nonce, chainId: 31_337, maxPriorityFeePerGas: 1n, type: 'eip1559' }),
    );
    for (const raw of await Promise.all(raws)) await reader().sendRawTransaction({ serializedTransaction: raw });
    await expect.poll(() => readdirSync(dir), { timeout: 10_000 }).toContain('checkpoint-1.json');
    const before = await blockHashes();
    await endGateway('SIGKILL');
    await startGateway();
    expect((await blockHashes()).slice(0, before.length)).toEqual(before);
    expect(await reader().getBalance({ address: receiver })).toBe(160n);
  });

  it('refuses what it could not repeat after a crash, and says why', async () => {
    const call = reader().request({ method: 'evm_increaseTime', params: [60] } as never);
    await expect(call).rejects.toThrow('keeps only signed transactions');
  });

  it('passes on why a transaction is refused', async () => {
    await pay();
    const stale = writer().sendTransaction({ to: receiver, value: 1n, nonce: 0 });
    await expect(stale).rejects.toThrow(/nonce/i);
  });

  it('mines on its own, so that time windows pass', async () => {
    const before = await reader().getBlockNumber();
    await expect.poll(() => reader().getBlockNumber(), { timeout: 6_000 }).toBeGreaterThan(before);
  });
});
