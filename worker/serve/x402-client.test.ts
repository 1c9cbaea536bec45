import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PgBoss } from 'pg-boss';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { variables } from '#lib/platform/env.ts';
import { channelId, deployment, insertChannel, payer, signVoucher } from '#lib/serving/test-support/serving-fixture.ts';
import { decodeHeader, encodeHeader, x402Headers } from '#lib/serving/x402/headers.ts';
import { type PayingFetchOptions, payingFetch } from '#lib/serving/x402/paying-fetch.ts';
import type { PaymentRequired, PaymentResponse } from '#lib/serving/x402/types.ts';
import { internalToken, openServeWorld, type ServeWorld } from './test-support/serve-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

let world: ServeWorld;
let post: (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>;

beforeAll(async () => {
  world = await openServeWorld();
  const deploymentFile = join(world.dir, 'deployment.json');
  writeFileSync(deploymentFile, JSON.stringify(deployment));
  const settings = {
    ...{ APP_URL: 'http://localhost:3000', RPC_URL: 'http://127.0.0.1:1', DATABASE_URL: world.database.url },
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
  await world?.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  await world.reset();
  await insertChannel(world.database.db, 100_000n);
});

/** The network between the client and our route: the real handler, without Next's server around it. */
const network: typeof fetch = (url, init) => post(new Request(url, init), { params: Promise.resolve({}) });
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

describe('x402', () => {
  it('answers an unpaid call with 402 and what it costs, and one that is paid with the answer, charged once', async () => {
    const unpaid = await network(url, question());
    expect(unpaid.status).toBe(402);
    expect(requiredOf(unpaid)).toMatchObject({
      x402Version: 2,
      resource: { url: 'http://localhost:3000/api/v1/chat/completions' },
      accepts: [{ scheme: 'batch-settlement', network: options.network, payTo: deployment.addresses.revenueRouter }],
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
      const { amount, extra } = requiredOf(again).accepts[0]!;
      expect(BigInt(extra.channelState!.chargedCumulativeAmount) + BigInt(amount)).toBeGreaterThan(4_000n);
      expect((await codeOf(again)).code).toBe('voucher_used');
    }
    const stranger = privateKeyToAccount(`0x${'11'.repeat(32)}`);
    const forged = await network(url, paying(await signVoucher(9_000n, stranger)));
    expect([forged.status, (await codeOf(forged)).code]).toEqual([400, 'invalid_voucher']);
    const small = await network(url, paying(await signVoucher(4_001n), {}, 60));
    expect([small.status, (await codeOf(small)).code]).toEqual([402, 'voucher_too_small']);
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
        said.accepts[0]!.extra.channelState = channelState;
        return new Response(null, { status: 402, headers: { [x402Headers.required]: encodeHeader(said) } });
      },
    });
    await expect(pay(url, question())).rejects.toThrow('the server says 99999 wei were charged');
  });
});
