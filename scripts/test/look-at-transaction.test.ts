import {
  createPublicClient,
  createWalletClient,
  encodeDeployData,
  encodeFunctionData,
  type Hash,
  http,
  type PublicClient,
  parseEther,
  parseGwei,
} from 'viem';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtTransaction } from '#components/wallet/transaction/look-at-transaction.ts';
import type { JournalEntry } from '#components/wallet/transaction/types.ts';
import { openTokenBytecode } from '#contracts-abi/bytecode/open-token.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { startAnvil } from '#scripts/up/devnet/anvil-process.ts';
import { callRpc } from '#scripts/up/devnet/call-rpc.ts';

// Beside the other harness: what stands in components/ may not start a chain, also not in its tests.
const account = devnetAccount(3);
const payee = '0x00000000000000000000000000000000000c0ffe';
let url: string;
let stop: () => void;
let client: PublicClient;
let token: `0x${string}`;
const rpc = (method: string, params: readonly unknown[] = []) => callRpc(url, method, params);
const mine = () => rpc('evm_mine');
const wallet = () => createWalletClient({ account, chain: devnet, transport: http(url) });
const transferData = (amount: bigint) =>
  encodeFunctionData({ abi: openTokenAbi, functionName: 'transfer', args: [payee, amount] });

beforeAll(async () => {
  const { child, ...anvil } = await startAnvil({ chainId: devnet.id, genesisTimestamp: 1_700_000_000 });
  url = anvil.url;
  stop = () => child.kill('SIGKILL');
  client = createPublicClient({ chain: devnet, transport: http(url), cacheTime: 0 });
  const data = encodeDeployData({ abi: openTokenAbi, bytecode: openTokenBytecode, args: [account.address] });
  const hash = await wallet().sendTransaction({ data });
  token = (await client.waitForTransactionReceipt({ hash })).contractAddress!;
  await rpc('evm_setAutomine', [false]);
}, 60_000);
afterAll(() => stop?.());
beforeEach(async () => {
  await mine(); // nothing waits from the test before
});

/** An entry as it stands when the wallet is asked for a transfer of `amount`. */
async function ask(amount: bigint): Promise<JournalEntry> {
  return {
    id: 'a',
    key: 'k',
    account: account.address,
    title: 'Transfer',
    href: '/',
    askedAtMs: 1_000,
    call: { to: token, data: transferData(amount), valueWei: '0' },
    fromNonce: await client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
    fromBlock: Number(await client.getBlockNumber()),
    nonce: null,
    state: { status: 'in-wallet', networkFee: '' },
  };
}
const send = (amount: bigint, more: { nonce?: number; maxFeePerGas?: bigint; gas?: bigint } = {}) =>
  wallet().sendTransaction({
    to: token,
    data: transferData(amount),
    gas: 100_000n,
    maxPriorityFeePerGas: parseGwei('1'),
    ...more,
  });
/** Looks once and answers the entry as it then stands. */
async function look(entry: JournalEntry, { confirmations = 1, nowMs = 2_000 } = {}): Promise<JournalEntry> {
  return { ...entry, ...(await lookAtTransaction(entry, { client, confirmations, currency: 'ETH', nowMs })) };
}
const sent = (entry: JournalEntry, hash: Hash): JournalEntry => ({ ...entry, state: { status: 'sent', hash } });

describe('lookAtTransaction', () => {
  it('follows sent, included, final, and learns the nonce on the way', async () => {
    const asked = await ask(1n);
    const hash = await send(1n);
    const waiting = await look(sent(asked, hash), { confirmations: 2 });
    expect(waiting).toMatchObject({ nonce: asked.fromNonce, state: { status: 'sent', hash } });
    await mine();
    const included = await look(waiting, { confirmations: 2 });
    expect(included.state).toEqual({ status: 'included', hash, blockNumber: asked.fromBlock + 1 });
    await mine();
    expect((await look(included, { confirmations: 2 })).state.status).toBe('final');
  });

  it('waits again when a reorganisation takes the block away, and ends when it is included again', async () => {
    const asked = await ask(2n);
    const hash = await send(2n);
    await mine();
    const included = await look(sent(asked, hash), { confirmations: 3 });
    expect(included.state.status).toBe('included');
    const raw = await rpc('eth_getRawTransactionByHash', [hash]);
    await rpc('anvil_reorg', [1, []]);
    const again = await look({ ...included, nonce: asked.fromNonce }, { confirmations: 3 });
    expect(again.state).toEqual({ status: 'sent', hash });
    await rpc('eth_sendRawTransaction', [raw]);
    await mine();
    expect((await look(again)).state.status).toBe('final');
  });

  it('goes on under the new hash of a transaction that was sped up', async () => {
    const asked = await ask(3n);
    const slow = await send(3n, { maxFeePerGas: parseGwei('20') });
    const waiting = await look(sent(asked, slow));
    const fast = await wallet().sendTransaction({
      to: token,
      data: transferData(3n),
      gas: 100_000n,
      nonce: asked.fromNonce,
      maxFeePerGas: parseGwei('60'),
      maxPriorityFeePerGas: parseGwei('6'),
    });
    await mine();
    const moved = await look(waiting);
    expect(moved.state).toEqual({ status: 'sent', hash: fast });
    expect((await look(moved)).state).toMatchObject({ status: 'final', hash: fast });
  });

  it.each([
    ['cancelled', account.address, 0n],
    ['replaced', payee, 5n],
  ] as const)(
    'says %s by what took the nonce, also when it looks for the first time after a reload',
    async (status, to, value) => {
      const asked = await ask(4n);
      const first = await send(4n, { maxFeePerGas: parseGwei('20') });
      const waiting = await look(sent(asked, first));
      const fees = { gas: 50_000n, maxFeePerGas: parseGwei('60'), maxPriorityFeePerGas: parseGwei('6') };
      const hash = await wallet().sendTransaction({ to, value, nonce: asked.fromNonce, ...fees });
      await mine();
      for (let i = 0; i < 9; i++) await mine();
      expect((await look(waiting)).state).toEqual({ status, hash });
    },
  );

  it('says why the contract refused', async () => {
    const tooMuch = parseEther('2000000000');
    const asked = await ask(tooMuch);
    const hash = await send(tooMuch);
    await mine();
    const { state } = await look(sent(asked, hash));
    expect(state).toMatchObject({ status: 'failed', hash });
    expect(state).toHaveProperty(
      'reason',
      expect.stringMatching(/^You have .* OPEN and this needs .* network fee was spent\.$/),
    );
  });

  it('finds what the wallet sent after the page was closed, behind another transaction of the account', async () => {
    const asked = await ask(6n);
    expect((await look(asked)).state.status).toBe('in-wallet');
    for (let i = 0; i < 6; i++) await mine(); // the wallet took its time
    await send(99n);
    await mine();
    const hash = await send(6n);
    await mine();
    const passed = await look(asked);
    expect(passed.fromNonce).toBe(asked.fromNonce + 1);
    expect((await look(passed)).state).toEqual({ status: 'sent', hash });
  });

  it('gives a silent wallet up after 30 minutes, and says that nothing was sent', async () => {
    const asked = await ask(7n);
    expect((await look(asked, { nowMs: 1_000 + 29 * 60_000 })).state.status).toBe('in-wallet');
    const { state } = await look(asked, { nowMs: 1_000 + 30 * 60_000 });
    expect(state).toMatchObject({ status: 'failed', reason: expect.stringContaining('Nothing was sent') });
  });
});
