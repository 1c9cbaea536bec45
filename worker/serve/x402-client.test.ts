import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PgBoss } from 'pg-boss';
import { type Address, erc20Abi, type Hex, keccak256, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { inferences } from '#db/schema/models.ts';
import { channels, ledgerEntries } from '#db/schema/settlement.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { variables } from '#lib/platform/env.ts';
import { channelId, deployment, insertChannel, payer, signVoucher } from '#lib/serving/test-support/serving-fixture.ts';
import { decodeHeader, encodeHeader, x402Headers } from '#lib/serving/x402/headers.ts';
import { type PayingFetchOptions, payingFetch } from '#lib/serving/x402/paying-fetch.ts';
import type {
  BatchRequirements,
  ExactRequirements,
  PaymentRequired,
  PaymentResponse,
} from '#lib/serving/x402/types.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { internalToken, openServeWorld, type ServeWorld } from './test-support/serve-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

let world: ServeWorld;
let chain: TestChain;
let post: (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

beforeAll(async () => {
  world = await openServeWorld();
  const deploymentFile = join(world.dir, 'deployment.json');
  chain = await startTestChain();
  const { openToken } = chain.deployment.addresses;
  writeFileSync(deploymentFile, JSON.stringify({ ...deployment, addresses: { ...deployment.addresses, openToken } }));
  const settings = {
    ...{ APP_URL: 'http://localhost:3000', RPC_URL: chain.url, DATABASE_URL: world.database.url },
    ...{ DEPLOYMENT_FILE: deploymentFile, SERVE_URL: world.deps.env.SERVE_URL, LOG_LEVEL: 'silent' },
    ...{ INTERNAL_TOKEN: internalToken, SESSION_SECRET: internalToken, OBJECT_STORE_DIR: join(world.dir, 'objects') },
    ...{ OPERATOR_PRIVATE_KEY: variables.OPERATOR_PRIVATE_KEY.example, FREE_ANSWERS_PER_DAY: '0' },
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  post = (await import('#app/api/v1/chat/completions/route.ts')).POST;
}, 60_000);
afterAll(async () => {
  const { openledgerQueue } = globalThis as { openledgerQueue?: Promise<PgBoss> };
  await (await openledgerQueue)?.stop({ graceful: false });
  await Promise.all([world?.close(), chain?.stop()]);
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  await world.reset();
  await insertChannel(world.database.db, 100_000n);
});

/** The network between the client and our route: the real handler, without Next's server around it. */
const network: typeof fetch = async (url, init) => {
  await world.idle();
  return post(new Request(url, init), { params: Promise.resolve({}) });
};
const url = 'http://localhost/api/v1/chat/completions';
const question = (maxTokens = 6, more: object = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    ...{ model: 'one-model', messages: [{ role: 'user', content: 'what colour is the river?' }] },
    ...{ max_completion_tokens: maxTokens, temperature: 0, ...more },
  }),
});
const options: PayingFetchOptions = {
  ...{ channelId, network: `eip155:${deployment.chainId}`, maxAmountWei: 5_000n, fetch: network },
  verifyingContract: deployment.addresses.inferenceChannels,
  sign: async ({ maxClaimableWei }) => (await signVoucher(maxClaimableWei)).signature,
};
const requiredOf = (response: Response) => decodeHeader(response.headers.get(x402Headers.required)!) as PaymentRequired;
const paying = (voucher: { maxWei: string; signature: string }, more: object = {}, maxTokens = 6): RequestInit => {
  const payload = { type: 'voucher', voucher: { channelId, maxClaimableAmount: voucher.maxWei, ...voucher } };
  const accepted = { scheme: 'batch-settlement', network: options.network };
  const header = encodeHeader({ x402Version: 2, accepted, payload, ...more });
  const { headers, ...rest } = question(maxTokens);
  return { ...rest, headers: { ...headers, [x402Headers.signature]: header } };
};
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string } }).error;

describe('x402 with a channel', () => {
  it('answers an unpaid call with 402 and what it costs, and one that is paid with the answer, charged once', async () => {
    const unpaid = await network(url, question());
    expect(unpaid.status).toBe(402);
    expect(requiredOf(unpaid)).toMatchObject({
      x402Version: 2,
      resource: { url: 'http://localhost:3000/api/v1/chat/completions' },
      accepts: [
        { scheme: 'batch-settlement', network: options.network, payTo: deployment.addresses.revenueRouter },
        { scheme: 'exact', network: options.network, payTo: deployment.addresses.revenueRouter },
      ],
    });
    const pay = payingFetch(options);
    let chargedWei = 0n;
    // The third may cost least: its voucher has to be larger than the second's all the same.
    for (const maxTokens of [3, 30, 1]) {
      const paid = await pay(url, question(maxTokens));
      expect(paid.status).toBe(200);
      const answer = (await paid.json()) as { openledger: { fee_wei: string; receipt_id: string } };
      const said = decodeHeader(paid.headers.get(x402Headers.response)!) as PaymentResponse;
      expect(said).toMatchObject({ success: true, payer, extra: { chargedAmount: answer.openledger.fee_wei } });
      chargedWei += BigInt(answer.openledger.fee_wei);
    }
    const [row] = await world.database.db.select().from(channels);
    expect(row).toMatchObject({ chargedWei, reservedWei: 0n });
    const answered = await world.database.db.select().from(inferences);
    expect(answered.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(new Set(answered.map((one) => one.payer))).toEqual(new Set([payer]));
  });

  it('goes on where another client of the channel left, and streams', async () => {
    await payingFetch(options)(url, question(9));
    const streamed = await payingFetch({ ...options, signedWei: 5_000n })(url, question(2, { stream: true }));
    expect(streamed.status).toBe(200);
    expect(await streamed.text()).toMatch(/"fee_wei":"\d+".*\[DONE\]/s);
  });

  it('takes a voucher once, and only its payer’s', async () => {
    const first = await signVoucher(4_000n);
    expect((await network(url, paying(first))).status).toBe(200);
    for (const old of [first, await signVoucher(3_999n)]) {
      const again = await network(url, paying(old));
      expect(again.status).toBe(402);
      const { amount, extra } = requiredOf(again).accepts[0] as BatchRequirements;
      expect(BigInt(extra.channelState!.chargedCumulativeAmount) + BigInt(amount)).toBeGreaterThan(4_000n);
      expect((await codeOf(again)).code).toBe('voucher_used');
    }
    const stranger = privateKeyToAccount(`0x${'11'.repeat(32)}`);
    const forged = await network(url, paying(await signVoucher(9_000n, stranger)));
    expect([forged.status, (await codeOf(forged)).code]).toEqual([400, 'invalid_voucher']);
    // The model here has one place, which a call that was refused its price may hold a moment longer.
    let more = 0n;
    await vi.waitFor(async () => {
      const small = await network(url, paying(await signVoucher(4_001n + more++), {}, 60));
      expect([small.status, (await codeOf(small)).code]).toEqual([402, 'voucher_too_small']);
    }, 20_000);
    expect((await world.database.db.select().from(inferences)).length).toBe(1);
  });

  it.each([
    [{ accepted: { scheme: 'batch-settlement', network: 'eip155:1' } }, 'it is for the network eip155:1'],
    [{ payload: { type: 'deposit' } }, 'a deposit is made on chain by its payer'],
    [{ x402Version: 1 }, 'x402Version'],
  ])('refuses %j', async (more, why) => {
    const refused = await network(url, paying(await signVoucher(4_000n), more));
    expect(refused.status).toBe(400);
    expect((await codeOf(refused)).message).toContain(why);
  });

  it('does not let a server take more than the client agreed to', async () => {
    await expect(payingFetch({ ...options, maxAmountWei: 10n })(url, question())).rejects.toThrow('more than 10');
    const other = `0x${'9'.repeat(40)}` as const;
    await expect(payingFetch({ ...options, verifyingContract: other })(url, question())).rejects.toThrow('no payment');
    const pay = payingFetch({
      ...options,
      fetch: async (input, init) => {
        const answer = await network(input, init);
        if (!new Headers(init?.headers).has(x402Headers.signature)) return answer;
        const said = requiredOf(await network(url, question()));
        const channelState = { channelId, balance: '0', totalClaimed: '0', chargedCumulativeAmount: '99999' };
        (said.accepts[0] as BatchRequirements).extra.channelState = channelState;
        return new Response(null, { status: 402, headers: { [x402Headers.required]: encodeHeader(said) } });
      },
    });
    await expect(pay(url, question())).rejects.toThrow('the server says 99999 wei were charged');
  });
});

describe('x402 with one transfer', () => {
  const person = devnetAccount(0);
  const balanceOf = (account: string) =>
    createChainClient({ CHAIN_ID: chain.chainId, RPC_URL: chain.url }).readContract({
      ...{ address: chain.deployment.addresses.openToken, abi: erc20Abi, functionName: 'balanceOf' },
      args: [account as Address],
    });
  /** What any x402 client signs for the scheme `exact` on an EVM chain. */
  const transferOf = async (required: ExactRequirements, change: { value?: bigint; nonce?: Hex } = {}) => {
    const value = change.value ?? BigInt(required.amount);
    const nonce = change.nonce ?? keccak256(toHex(String(value)));
    const validBefore = BigInt(Math.floor(Date.now() / 1000) + 600);
    const authorization = { from: person.address, to: required.payTo, value, validAfter: 0n, validBefore, nonce };
    const fields = { from: 'address', to: 'address', value: 'uint256', validAfter: 'uint256' };
    const types = Object.entries({ ...fields, validBefore: 'uint256', nonce: 'bytes32' });
    const signature = await person.signTypedData({
      domain: { ...required.extra, chainId: chain.chainId, verifyingContract: required.asset },
      types: { TransferWithAuthorization: types.map(([name, type]) => ({ name, type })) },
      primaryType: 'TransferWithAuthorization',
      message: authorization,
    });
    const text = Object.fromEntries(Object.entries(authorization).map(([name, part]) => [name, String(part)]));
    return encodeHeader({ x402Version: 2, accepted: required, payload: { signature, authorization: text } });
  };
  const payBy = (header: string, more: object = {}) => {
    const { headers, ...rest } = question(6, more);
    return network(url, { ...rest, headers: { ...headers, [x402Headers.signature]: header } });
  };
  const exactOf = async () =>
    requiredOf(await network(url, question())).accepts.find((one) => one.scheme === 'exact') as ExactRequirements;

  it('answers, takes the ceiling once, and gives the same answer to the same payment', async () => {
    const required = await exactOf();
    const before = await balanceOf(required.payTo);
    const header = await transferOf(required);
    const [first, second] = [await payBy(header), await payBy(header)];
    // The payment is public now. With another question it buys nothing, least of all the first one's answer.
    const other = await payBy(header, { messages: [{ role: 'user', content: 'what did they ask?' }] });
    expect((await codeOf(other)).message).toContain('another question');
    expect([first.status, second.status]).toEqual([200, 200]);
    const said = decodeHeader(first.headers.get(x402Headers.response)!) as PaymentResponse;
    expect(said).toMatchObject({ success: true, payer: person.address.toLowerCase(), amount: required.amount });
    expect(said.transaction).toMatch(/^0x[0-9a-f]{64}$/);
    expect((await balanceOf(required.payTo)) - before).toBe(BigInt(required.amount));
    const answered = await world.database.db.select().from(inferences);
    expect(answered).toMatchObject([{ status: 'completed', payer: person.address.toLowerCase(), channelId: null }]);
    expect(answered[0]!.feeWei).toBeGreaterThan(0n);
    const books = await world.database.db.select().from(ledgerEntries);
    expect(books.map(({ account }) => account).sort()).toEqual(['prepaid', 'revenue:unsettled']);
  });

  it('takes nothing for what it refuses: too little, forged, used, streamed', async () => {
    const required = await exactOf();
    const before = await balanceOf(required.payTo);
    const small = await payBy(await transferOf(required, { value: BigInt(required.amount) - 1n }));
    expect([small.status, (await codeOf(small)).code]).toEqual([402, 'payment_too_small']);
    const forged = await payBy(await transferOf({ ...required, extra: { ...required.extra, version: '9' } }));
    expect([forged.status, (await codeOf(forged)).code]).toEqual([400, 'invalid_payment']);
    const elsewhere = await payBy(await transferOf({ ...required, payTo: person.address }));
    expect((await codeOf(elsewhere)).message).toContain('it pays');
    const streamed = await payBy(await transferOf(required, { nonce: keccak256('0x07') }), { stream: true });
    expect((await codeOf(streamed)).message).toContain('without stream');
    expect(await balanceOf(required.payTo)).toBe(before);
    expect((await world.database.db.select().from(inferences)).length).toBe(0);
  });
});
