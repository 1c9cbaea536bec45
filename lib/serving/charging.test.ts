import { eq, sql } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { apiKeys } from '#db/schema/auth.ts';
import { inferences } from '#db/schema/models.ts';
import { channels, ledgerEntries } from '#db/schema/settlement.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { completeInference } from './complete-inference.ts';
import { findServableModel } from './queries.ts';
import { registerVoucher } from './register-voucher.ts';
import { abandonedAfterMs, releaseAbandonedInferences, releaseInference } from './release-inference.ts';
import { reserveInference } from './reserve-inference.ts';
import {
  channelId,
  insertChannel,
  insertEvent,
  insertLiveModel,
  payer,
  servingDeps,
  signVoucher,
} from './test-support/serving-fixture.ts';
import type { ReservedInference } from './types.ts';

let database: TestDatabase;
let deps: ReturnType<typeof servingDeps>;
const account = { kind: 'account', address: payer } as const;
const caller = { kind: 'session', callerKey: payer, payer } as const;
const answer = { output: 'an answer', finishReason: 'stop' as const, promptIds: [1, 2, 3], completionIds: [4, 5] };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(sql`truncate datanets, chain_events, channels, ledger_transactions, inferences cascade`);
  deps = servingDeps(database.db);
  await insertLiveModel(database.db);
});

/** Ceiling: 3 tokens in × 10 + 5 out × 100 = 530 wei; the answer above costs 3 × 10 + 2 × 100 = 230. */
async function reserve(idempotencyKey: string, overrides: object = {}) {
  const model = (await findServableModel(database.db, 'one-model'))!;
  return reserveInference(
    deps,
    { ...caller, ...overrides },
    {
      model,
      messages: [{ role: 'user', content: 'hi' }],
      promptIds: [1, 2, 3],
      maxTokens: 5,
      params: {},
      idempotencyKey,
    },
  ) as Promise<ReservedInference>;
}
const channel = async () => (await database.db.select().from(channels).where(eq(channels.id, channelId)))[0]!;
const ledgerSum = async () =>
  BigInt(
    (
      await database.db.select({ sum: sql<string>`coalesce(sum(${ledgerEntries.amountWei}), 0)` }).from(ledgerEntries)
    )[0]!.sum,
  );

describe('holding the price', () => {
  it('says that there is no deposit, and how much the answer needs', async () => {
    await expect(reserve('a')).rejects.toMatchObject({ code: 'no_channel', facts: { neededWei: '530' } });
  });
  it('names the shortfall of a deposit that is too small', async () => {
    await insertChannel(database.db, 500n);
    await expect(reserve('a')).rejects.toMatchObject({ code: 'insufficient_deposit', facts: { shortfallWei: '30' } });
  });
  it('asks for a voucher of exactly what is needed', async () => {
    await insertChannel(database.db, 2000n);
    await expect(reserve('a')).rejects.toMatchObject({
      code: 'voucher_too_small',
      facts: { requiredVoucherWei: '530', channelId },
    });
    await registerVoucher(deps, account, await signVoucher(530n));
    await reserve('a');
    expect((await channel()).reservedWei).toBe(530n);
    await expect(reserve('b')).rejects.toMatchObject({
      code: 'voucher_too_small',
      facts: { requiredVoucherWei: '1060' },
    });
  });
  it('never holds more than the deposit, however many ask at once', async () => {
    await insertChannel(database.db, 530n * 3n);
    await registerVoucher(deps, account, await signVoucher(10_000n));
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => reserve(`p${i}`)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
    expect((await channel()).reservedWei).toBe(530n * 3n);
  });
  it('spends a key to its budget and not a wei further, when 50 ask at once', async () => {
    await insertChannel(database.db, 10n ** 9n);
    await registerVoucher(deps, account, await signVoucher(10n ** 9n));
    const budgetWei = 530n * 7n + 529n;
    const { apiKey } = await createApiKey(deps, account, { name: 'fifty', budgetWei });
    const asked = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => reserve(`b${i}`, { kind: 'api-key', apiKeyId: apiKey.id })),
    );
    const held = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const codes = asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []));
    expect(held).toHaveLength(7);
    expect(new Set(codes)).toEqual(new Set(['api_key_budget']));
    const full = { ...answer, completionIds: [4, 5, 6, 7, 8] };
    await Promise.all(held.map((one) => completeInference(deps, one, full)));
    const [key] = await database.db.select().from(apiKeys).where(eq(apiKeys.id, apiKey.id));
    expect(key).toMatchObject({ spentWei: 530n * 7n, budgetWei });
    expect((await channel()).chargedWei).toBe(530n * 7n);
    await expect(reserve('last', { kind: 'api-key', apiKeyId: apiKey.id })).rejects.toMatchObject({
      ...{ code: 'api_key_budget', facts: { leftWei: '529', neededWei: '530' } },
    });
  });
  it('does not spend what is being withdrawn', async () => {
    await insertChannel(database.db, 1000n);
    await insertEvent(database.db, 4, 'inferenceChannels', 'WithdrawRequested', channelId, {
      amount: '600',
      withdrawAt: '99',
    });
    await registerVoucher(deps, account, await signVoucher(10_000n));
    await expect(reserve('a')).rejects.toMatchObject({ code: 'insufficient_deposit', facts: { freeWei: '400' } });
  });
  it('refuses a voucher that another key signed, also when it is not larger than the stored one', async () => {
    await insertChannel(database.db, 1000n);
    const stranger = privateKeyToAccount(`0x${'11'.repeat(32)}`);
    await expect(registerVoucher(deps, account, await signVoucher(530n, stranger))).rejects.toMatchObject({
      code: 'invalid_voucher',
    });
    await registerVoucher(deps, account, await signVoucher(900n));
    await expect(registerVoucher(deps, account, await signVoucher(1n, stranger))).rejects.toMatchObject({
      code: 'invalid_voucher',
    });
    expect((await channel()).voucherWei).toBe(900n);
  });
});

describe('charging', () => {
  beforeEach(async () => {
    await insertChannel(database.db, 5000n);
    await registerVoucher(deps, account, await signVoucher(5000n));
  });
  it('charges the fee once, gives back the rest, posts the ledger and queues attribution', async () => {
    const reserved = await reserve('a');
    expect(await completeInference(deps, reserved, answer)).toEqual({ feeWei: 230n });
    expect(await completeInference(deps, reserved, answer)).toEqual({ feeWei: 230n });
    expect(await channel()).toMatchObject({ chargedWei: 230n, reservedWei: 0n });
    expect(await database.db.select().from(ledgerEntries)).toHaveLength(2);
    expect(await ledgerSum()).toBe(0n);
    expect(deps.sent[0]).toEqual({ name: 'attribute-inference', key: reserved.inferenceId });
  });
  it('never charges more than the ceiling that was agreed to', async () => {
    const reserved = await reserve('a');
    await completeInference(deps, reserved, { ...answer, completionIds: Array.from({ length: 50 }, () => 1) });
    expect((await channel()).chargedWei).toBe(530n);
  });
  it('returns the first answer for a repeated idempotency key', async () => {
    const reserved = await reserve('a');
    await expect(reserve('a')).rejects.toMatchObject({ code: 'inference_in_progress' });
    await completeInference(deps, reserved, answer);
    expect(await reserve('a')).toEqual({ completedInferenceId: reserved.inferenceId });
    expect((await channel()).chargedWei).toBe(230n);
  });
  it('gives the hold back when the answer fails, and lets the same key try again', async () => {
    const reserved = await reserve('a');
    expect(await releaseInference(deps, reserved.inferenceId, 'serve is down')).toBe(true);
    expect(await releaseInference(deps, reserved.inferenceId, 'again')).toBe(false);
    expect(await channel()).toMatchObject({ chargedWei: 0n, reservedWei: 0n });
    const again = await reserve('a');
    expect(again.inferenceId).toBe(reserved.inferenceId);
    await completeInference(deps, again, answer);
    expect(await channel()).toMatchObject({ chargedWei: 230n, reservedWei: 0n });
  });
  it('releases answers whose process died, and does not charge one that comes back late', async () => {
    const reserved = await reserve('a');
    deps.clock.ms += abandonedAfterMs - 1;
    expect(await releaseAbandonedInferences(deps)).toBe(0);
    deps.clock.ms += 2;
    expect(await releaseAbandonedInferences(deps)).toBe(1);
    expect(await completeInference(deps, reserved, answer)).toBeNull();
    expect(await channel()).toMatchObject({ chargedWei: 0n, reservedWei: 0n });
    const [row] = await database.db.select().from(inferences);
    expect(row!.status).toBe('failed');
  });
  it('charges nothing for an answer that was stopped before its first token', async () => {
    const reserved = await reserve('a');
    const empty = { ...answer, output: '', finishReason: 'cancelled' as const, completionIds: [] };
    expect(await completeInference(deps, reserved, empty)).toEqual({ feeWei: 0n });
    expect(await channel()).toMatchObject({ chargedWei: 0n, reservedWei: 0n });
    expect(deps.sent).toEqual([]);
  });
  it('charges nothing for a free answer', async () => {
    const reserved = await reserve('f', { kind: 'free', callerKey: 'visitor:x' });
    expect(await completeInference(deps, reserved, answer)).toEqual({ feeWei: 0n });
    expect(await channel()).toMatchObject({ chargedWei: 0n, reservedWei: 0n });
  });
});
