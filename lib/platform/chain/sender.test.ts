import { eq } from 'drizzle-orm';
import { createWalletClient, erc20Abi, http, keccak256 } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { chainTransactions } from '#db/schema/settlement.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { cancelTransaction } from './cancel-transaction.ts';
import { devnet } from './chains.ts';
import { followUpTransactions } from './follow-up-transactions.ts';
import { type ContractCall, sendOnce } from './sender.ts';

let world: TestSettlementWorld;
const payee = '0x00000000000000000000000000000000000c0ffe';
const transfer = (key: string, amountWei = 1n): ContractCall => ({
  key,
  address: world.addresses.openToken,
  abi: erc20Abi,
  functionName: 'transfer',
  args: [payee, amountWei],
});
const rowOf = async (key: string) =>
  (await world.deps.db.select().from(chainTransactions).where(eq(chainTransactions.key, key)))[0]!;

beforeAll(async () => {
  world = await openSettlementWorld();
}, 120_000);
afterAll(() => world?.close());

describe('sendOnce', () => {
  it('sends once for a key, however often it is called', async () => {
    const first = await sendOnce(world.deps, transfer('once', 5n));
    const second = await sendOnce(world.deps, transfer('once', 5n));
    expect(second.transactionHash).toBe(first.transactionHash);
    expect(await world.balanceOf(payee)).toBe(5n);
    expect(await rowOf('once')).toMatchObject({ status: 'included', blockNumber: Number(first.blockNumber) });
  });

  it('sends network currency once for a key, so that a new account can pay for its first transaction', async () => {
    const give = { key: 'gas', address: payee, valueWei: 7n } as const;
    await sendOnce(world.deps, give);
    await sendOnce(world.deps, give);
    expect(await world.deps.chain.getBalance({ address: payee })).toBe(7n);
  });

  it('sends once after a crash between storing and broadcasting, and between broadcasting and recording', async () => {
    const before = await world.balanceOf(payee);
    for (const step of ['stored', 'broadcast'] as const) {
      const key = `crash-${step}`;
      const die = (at: string) => {
        if (at === step) throw new Error(`killed at ${at}`);
      };
      await expect(sendOnce(world.deps, transfer(key), { onStep: die })).rejects.toThrow(`killed at ${step}`);
      const stored = await rowOf(key);
      expect(stored.hash).toBe(keccak256(stored.raw as `0x${string}`));
      const receipt = await sendOnce(world.deps, transfer(key));
      expect(receipt.transactionHash).toBe(stored.hash);
    }
    expect(await world.balanceOf(payee)).toBe(before + 2n);
  });

  it('gives parallel senders different nonces, and each key one transaction', async () => {
    const before = await world.balanceOf(payee);
    const keys = Array.from({ length: 12 }, (_, i) => `parallel-${i % 6}`);
    await Promise.all(keys.map((key) => sendOnce(world.deps, transfer(key))));
    expect(await world.balanceOf(payee)).toBe(before + 6n);
    const rows = await world.deps.db.select().from(chainTransactions);
    expect(new Set(rows.map((row) => row.nonce)).size).toBe(rows.length);
  });

  it('decodes a refusal by its Solidity error, stores nothing, and can be called again', async () => {
    const submit: ContractCall = {
      key: 'refused',
      address: world.addresses.attributionLedger,
      abi: attributionLedgerAbi,
      functionName: 'submit',
      args: [0, keccak256('0x01'), keccak256('0x02'), 10n ** 20n, 'x'],
    };
    await expect(sendOnce(world.deps, submit)).rejects.toMatchObject({
      code: 'transaction_reverted',
      errorName: 'LedgerTotalNotFunded',
      errorArgs: [10n ** 20n, 0n],
    });
    expect(await rowOf('refused')).toBeUndefined();
  });

  it('raises the fee of a stuck transaction and accepts whichever variant is included', async () => {
    const { rpc } = world.chain;
    await rpc('evm_setAutomine', [false]);
    const sending = sendOnce(world.deps, transfer('stuck'), { stuckAfterMs: 400, pollMs: 50, timeoutMs: 20_000 });
    await expect.poll(async () => (await rowOf('stuck'))?.raw.split('\n').length, { timeout: 10_000 }).toBe(2);
    await rpc('evm_mine');
    const receipt = await sending;
    await rpc('evm_setAutomine', [true]);
    expect(receipt.status).toBe('success');
    expect((await rowOf('stuck')).raw.split('\n').map((raw) => keccak256(raw as `0x${string}`))).toContain(
      receipt.transactionHash,
    );
  });

  it('sends what stands before it in the lane, when the process that stored it never came back', async () => {
    const die = (step: string) => {
      if (step === 'stored') throw new Error('killed');
    };
    await expect(sendOnce(world.deps, transfer('left-behind'), { onStep: die })).rejects.toThrow('killed');
    await sendOnce(world.deps, transfer('after-it'));
    const { hash } = await rowOf('left-behind');
    expect((await world.deps.chain.getTransactionReceipt({ hash: hash as `0x${string}` })).status).toBe('success');
  });

  it('sends included transactions again that a reorg dropped', async () => {
    const receipt = await sendOnce(world.deps, transfer('reorged', 7n));
    const before = await world.balanceOf(payee);
    await world.chain.rpc('anvil_reorg', [1, []]);
    expect(await world.balanceOf(payee)).toBe(before - 7n);
    expect(await followUpTransactions(world.deps)).toBe(1);
    await expect.poll(() => world.balanceOf(payee)).toBe(before);
    expect((await sendOnce(world.deps, transfer('reorged', 7n))).transactionHash).toBe(receipt.transactionHash);
  });

  it('records or sends what a dead process left behind, after a minute', async () => {
    const dieAt = (at: string) => (step: string) => {
      if (step === at) throw new Error('killed');
    };
    await expect(sendOnce(world.deps, transfer('orphan-sent'), { onStep: dieAt('broadcast') })).rejects.toThrow(
      'killed',
    );
    await expect(sendOnce(world.deps, transfer('orphan-stored'), { onStep: dieAt('stored') })).rejects.toThrow(
      'killed',
    );
    expect(await followUpTransactions(world.deps)).toBe(0); // somebody may still wait for them
    const later = { ...world.deps, now: () => new Date(Date.now() + 61_000) };
    expect(await followUpTransactions(later)).toBe(1);
    expect(await rowOf('orphan-sent')).toMatchObject({ status: 'included' });
    expect(await followUpTransactions(later)).toBe(0);
    expect(await rowOf('orphan-stored')).toMatchObject({ status: 'included' });
  });

  /** What another wallet with the operator's key would do: the same nonce, for more. */
  const sendOutside = async (nonce: number) => {
    const account = world.deps.operator;
    const wallet = createWalletClient({ account, chain: devnet, transport: http(world.chain.url) });
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n };
    return wallet.sendTransaction({ to: payee, value: 1n, nonce, gas: 100_000n, ...fees });
  };

  it('gives up what was replaced from outside once that is settled, and can send its key again', async () => {
    const { rpc } = world.chain;
    await rpc('evm_setAutomine', [false]);
    const quick = { stuckAfterMs: 200, pollMs: 50, timeoutMs: 20_000 };
    const sending = expect(sendOnce(world.deps, transfer('overtaken'), quick)).rejects.toMatchObject({
      code: 'transaction_overtaken',
    });
    await expect.poll(async () => (await rowOf('overtaken'))?.status).toBe('sent');
    await sendOutside((await rowOf('overtaken')).nonce);
    await rpc('evm_mine');
    await rpc('evm_setAutomine', [true]);
    await expect.poll(async () => (await rowOf('overtaken')).raw.split('\n').length).toBeGreaterThan(1); // waits still
    await rpc('anvil_mine', ['0xc']);
    await sending;
    const before = await world.balanceOf(payee);
    expect((await sendOnce(world.deps, transfer('overtaken'))).status).toBe('success');
    expect(await world.balanceOf(payee)).toBe(before + 1n);
  });

  it('takes a stuck transaction back, says so to who waits for it, and goes on', async () => {
    const { rpc } = world.chain;
    expect(await cancelTransaction(world.deps, 'overtaken')).toBe(false); // included
    await rpc('evm_setAutomine', [false]);
    const sending = expect(sendOnce(world.deps, transfer('cancelled'), { pollMs: 50 })).rejects.toMatchObject({
      code: 'transaction_overtaken',
    });
    await expect.poll(async () => (await rowOf('cancelled'))?.status).toBe('sent');
    const before = await world.balanceOf(payee);
    expect(await cancelTransaction(world.deps, 'cancelled')).toBe(true);
    await rpc('evm_mine');
    await rpc('evm_setAutomine', [true]);
    await sending;
    expect(await rowOf('cancelled')).toMatchObject({ status: 'reverted', error: 'cancelled' });
    expect(await world.balanceOf(payee)).toBe(before);
    expect((await sendOnce(world.deps, transfer('cancelled'))).status).toBe('success');
  });

  it('keeps a nonce lane for each key', async () => {
    const other = { ...world.deps, operator: devnetAccount(4) };
    const give = (key: string) => ({ key, address: payee, valueWei: 1n }) as const;
    await Promise.all([
      ...['a', 'b', 'c'].map((key) => sendOnce(other, give(`other-${key}`))),
      ...['a', 'b'].map((key) => sendOnce(world.deps, give(`own-${key}`))),
    ]);
    const lane = devnetAccount(4).address.toLowerCase();
    const rows = await world.deps.db.select().from(chainTransactions).where(eq(chainTransactions.sender, lane));
    expect(rows.map(({ nonce }) => nonce).sort()).toEqual([0, 1, 2]);
    expect(rows.every(({ status }) => status === 'included')).toBe(true);
  });

  it('can send a key again whose transaction was included but reverted', async () => {
    const { rpc } = world.chain;
    const person = devnetAccount(3);
    const approve = (amountWei: bigint, fees = {}) =>
      createWalletClient({ account: person, chain: devnet, transport: http(world.chain.url) }).writeContract({
        address: world.addresses.openToken,
        abi: erc20Abi,
        functionName: 'approve',
        args: [world.deps.operator.address, amountWei],
        ...fees,
      });
    const pull = { ...transfer('pull'), functionName: 'transferFrom', args: [person.address, payee, 9n] };
    await approve(9n);
    await rpc('evm_setAutomine', [false]);
    const pulling = expect(sendOnce(world.deps, pull, { pollMs: 50 })).rejects.toMatchObject({
      code: 'transaction_reverted',
      errorName: 'ERC20InsufficientAllowance',
    });
    await expect.poll(async () => (await rowOf('pull'))?.status).toBe('sent');
    // Valid when it was simulated; the person's higher bid then takes the allowance away in the same block.
    await approve(0n, { gas: 100_000n, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n });
    await rpc('evm_mine');
    await rpc('evm_setAutomine', [true]);
    await pulling;
    expect((await rowOf('pull')).status).toBe('reverted');
    await approve(9n);
    const before = await world.balanceOf(payee);
    expect((await sendOnce(world.deps, pull)).status).toBe('success');
    expect(await world.balanceOf(payee)).toBe(before + 9n);
  });
});
