import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { modelPasses, passOffers } from '#db/schema/model-passes.ts';
import { modelVersions } from '#db/schema/model-versions.ts';
import { adapters, inferences, models, receipts, trainingRuns } from '#db/schema/models.ts';
import { channels, ledgerEntries } from '#db/schema/settlement.ts';
import { documentHash } from '#lib/kernel/document-hash.ts';
import { passReceiptSchema } from '#lib/kernel/pass-receipt.ts';
import { fitsAsCanary } from '#lib/serving/canary/route-to-canary.ts';
import { completeInference } from '#lib/serving/complete-inference.ts';
import { getAskableModel, needsPass } from '#lib/serving/get-askable-model.ts';
import { listPlaygroundModels } from '#lib/serving/playground-models.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import { abandonedAfterMs, releaseAbandonedInferences, releaseInference } from '#lib/serving/release-inference.ts';
import { reserveInference } from '#lib/serving/reserve-inference.ts';
import {
  addressOf,
  channelId,
  insertChannel,
  insertEvent,
  insertLiveModel,
  payer,
  servingDeps,
  signVoucher,
} from '#lib/serving/test-support/serving-fixture.ts';
import type { ReservedInference } from '#lib/serving/types.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { buyPass } from './buy-pass.ts';
import { getModelAccess } from './get-model-access.ts';
import { grantPass } from './grant-pass.ts';
import { revokePass } from './revoke-pass.ts';
import type { BuyPassInput } from './schema.ts';
import { setModelAccess } from './set-model-access.ts';

const dayMs = 86_400_000;
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const buyer = { kind: 'account', address: payer } as const;
const owner = { kind: 'account', address: addressOf(3) } as const;
const caller = { kind: 'session', callerKey: payer, payer } as const;
const offer = { days: { amount: 30, priceWei: '3000' }, answers: { amount: 2, priceWei: '700' } };
const answer = { output: 'an answer', finishReason: 'stop' as const, promptIds: [1, 2, 3], completionIds: [4, 5] };

let database: TestDatabase;
let deps: ReturnType<typeof servingDeps> & { operator: typeof operator };

beforeAll(async () => {
  database = await createTestDatabase();
  await insertLiveModel(database.db);
  await insertChannel(database.db, 10_000n);
  await registerVoucher(servingDeps(database.db), buyer, await signVoucher(10_000n));
});
afterAll(() => database.close());
beforeEach(async () => {
  deps = { ...servingDeps(database.db), operator };
  for (const table of [modelPasses, receipts, inferences, passOffers]) await database.db.delete(table);
  await database.db.update(channels).set({ chargedWei: 0n, reservedWei: 0n });
  await database.db.update(datanets).set({ license: 'CC-BY-4.0' });
  await set(owner, { model: 'one-model', access: 'holders', ...offer });
});

/** Ids follow the clock, and the newest offer holds: no two in one millisecond, as for people. */
const tick = () => {
  deps.clock.ms += 1;
  return deps;
};
const set = (actor: typeof buyer | typeof owner, input: Parameters<typeof setModelAccess>[2]) =>
  setModelAccess(tick(), actor, input);
const find = (viewer: string | null, name = 'one-model') => getAskableModel(deps, name, viewer);
const grant = (terms: { kind: 'days' | 'answers'; amount: number }) =>
  grantPass(tick(), owner, { model: 'one-model', holder: payer, terms });
const buy = (kind: 'days' | 'answers', idempotencyKey: string, input: Partial<BuyPassInput> = {}) =>
  buyPass(tick(), buyer, { model: 'one-model', kind, ...offer[kind], idempotencyKey, ...input });
/** Holds 530 wei at most and costs 230 (charging.test.ts), by the pass that is needed. */
async function ask(idempotencyKey: string, account: string | null = payer): Promise<ReservedInference> {
  const model = (await findServableModel(database.db, 'one-model'))!;
  const pass = needsPass(model, account) ? { familyId: model.familyId, account, slug: model.slug } : null;
  const asked = { model, messages: [{ role: 'user' as const, content: 'hi' }], promptIds: [1, 2, 3], maxTokens: 5 };
  return (await reserveInference(deps, caller, { ...asked, params: {}, pass, idempotencyKey })) as ReservedInference;
}
const passes = () => database.db.select().from(modelPasses).orderBy(modelPasses.id);
const left = async () => (await passes())[0]!.answersLeft;
const channel = async () => (await database.db.select().from(channels).where(eq(channels.id, channelId)))[0]!;

/** A second version of the model, live, which answers for its name. */
async function addVersion() {
  const { db } = database;
  const [run] = await db.select().from(trainingRuns);
  const [adapter] = await db.select().from(adapters);
  const [model] = await db.select().from(models);
  const versionHash = `0x${'9'.repeat(64)}`;
  await db.insert(trainingRuns).values({ ...run!, id: 'run_2', idempotencyKey: 'k2' });
  await db.insert(adapters).values({ ...adapter!, id: 'ad_2', runId: 'run_2' });
  await db.insert(models).values({ ...model!, id: 'mdl_2', slug: 'one-model@2', adapterId: 'ad_2', versionHash });
  const familyId = 'mdl_1';
  await db.insert(modelVersions).values([
    { modelId: 'mdl_1', familyId, number: 1 },
    { modelId: 'mdl_2', familyId, number: 2 },
  ]);
  await insertEvent(db, 60, 'modelRegistry', 'VersionPublished', versionHash, {});
}

describe('who may ask', () => {
  it('refuses who has no pass, with what one costs, and lets owner and everybody where they may', async () => {
    const costs = { model: 'one-model', days: 30, daysWei: '3000', answers: 2, answersWei: '700' };
    for (const viewer of [payer, null])
      await expect(find(viewer)).rejects.toMatchObject({ code: 'pass_required', category: 'forbidden', facts: costs });
    expect((await find(owner.address)).id).toBe('mdl_1');
    const state = async () => (await listPlaygroundModels(database.db, 5, { account: payer, now: deps.now() }))[0];
    expect(await state()).toMatchObject({ slug: 'one-model', mayAsk: false });
    await grant({ kind: 'answers', amount: 1 });
    expect(await state()).toMatchObject({ mayAsk: true });
    expect((await listPlaygroundModels(database.db))[0]).toMatchObject({ mayAsk: false });
    await set(owner, { model: 'one-model', access: 'everybody', days: null, answers: null });
    expect((await find(null)).access).toBe('everybody');
    await expect(buy('days', 'key-open-1')).rejects.toMatchObject({ code: 'pass_not_sold' });
  });

  it('lets nobody but the owner decide, and sells nothing under a licence that forbids it', async () => {
    const sold = { model: 'one-model', access: 'holders' as const, ...offer };
    await expect(set(buyer, sold)).rejects.toMatchObject({ code: 'pass_forbidden' });
    const own = { model: 'one-model', holder: payer, terms: { kind: 'days' as const, amount: 1 } };
    await expect(grantPass(deps, buyer, own)).rejects.toMatchObject({ code: 'pass_forbidden' });
    await database.db.update(datanets).set({ license: 'CC-BY-NC-4.0' });
    await expect(set(owner, sold)).rejects.toMatchObject({ code: 'pass_licence' });
    await expect(buy('answers', 'key-licence')).rejects.toMatchObject({ code: 'pass_licence' });
    expect((await channel()).chargedWei).toBe(0n);
    await set(owner, { ...sold, days: null, answers: null }); // by invitation
    await grant({ kind: 'days', amount: 1 });
    expect((await find(payer)).id).toBe('mdl_1');
  });
});

describe('an answer of a pass by number', () => {
  it('is taken once, when five ask at once for the last one, and nothing is held for the others', async () => {
    await grant({ kind: 'answers', amount: 1 });
    const asked = await Promise.allSettled(Array.from({ length: 5 }, (_, i) => ask(`race${i}`)));
    const codes = asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []));
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'pass_required'));
    expect((await channel()).reservedWei).toBe(530n);
    expect(await left()).toBe(0);
    await expect(find(payer)).rejects.toMatchObject({ code: 'pass_required' });
  });

  it('is used up by an answer, and the same request after it still gets that answer', async () => {
    await grant({ kind: 'answers', amount: 1 });
    const reserved = await ask('again');
    await completeInference(deps, reserved, answer);
    const sent = { callerKey: payer, idempotencyKey: 'again' };
    expect((await getAskableModel(deps, 'one-model', payer, sent)).id).toBe('mdl_1');
    expect(await ask('again')).toEqual({ completedInferenceId: reserved.inferenceId });
    // What was asked before and has failed since is asked anew: nobody gets in by a key that was let through.
    await expect(ask('new', null)).rejects.toMatchObject({ code: 'pass_required' });
    const other = { ...sent, idempotencyKey: 'other' };
    await expect(getAskableModel(deps, 'one-model', payer, other)).rejects.toMatchObject({ code: 'pass_required' });
    expect(await left()).toBe(0);
  });

  it('is given back, once, when the answer fails, its process dies, or it has no token', async () => {
    await grant({ kind: 'answers', amount: 2 });
    const failing = await ask('fails');
    expect(await left()).toBe(1);
    await releaseInference(deps, failing.inferenceId, 'serve is down');
    await releaseInference(deps, failing.inferenceId, 'again');
    expect(await left()).toBe(2);
    await ask('dies');
    deps.clock.ms += abandonedAfterMs + 1;
    expect(await releaseAbandonedInferences(deps)).toBe(1);
    expect(await left()).toBe(2);
    const empty = await ask('empty');
    const nothing = { ...answer, output: '', finishReason: 'cancelled' as const, completionIds: [] };
    await completeInference(deps, empty, nothing);
    await completeInference(deps, empty, nothing);
    expect(await left()).toBe(2);
    await completeInference(deps, await ask('fails'), answer); // the same key again
    expect(await left()).toBe(1);
  });

  it('is not taken where the price cannot be held, nor of a pass by time', async () => {
    await grant({ kind: 'answers', amount: 1 });
    await database.db.update(channels).set({ chargedWei: 9_900n });
    await expect(ask('poor')).rejects.toMatchObject({ code: 'insufficient_deposit' });
    expect(await left()).toBe(1);
    await database.db.update(channels).set({ chargedWei: 0n });
    await grant({ kind: 'days', amount: 1 });
    await completeInference(deps, await ask('by time'), answer);
    expect(await left()).toBe(1);
  });
});

describe('the end of a pass', () => {
  it('comes with its time', async () => {
    await grant({ kind: 'days', amount: 1 });
    deps.clock.ms += dayMs - 1;
    expect((await find(payer)).id).toBe('mdl_1');
    deps.clock.ms += 1;
    await expect(find(payer)).rejects.toMatchObject({ code: 'pass_required' });
    await expect(ask('late')).rejects.toMatchObject({ code: 'pass_required' });
    expect((await channel()).reservedWei).toBe(0n);
    expect((await getModelAccess(deps, 'one-model', payer)).passes).toMatchObject([{ state: 'expired' }]);
  });

  it('comes when the owner takes back what they granted, never for what was bought', async () => {
    const { passId } = await grant({ kind: 'answers', amount: 5 });
    await expect(revokePass(deps, buyer, { passId })).rejects.toMatchObject({ code: 'pass_forbidden' });
    const begun = await ask('begun');
    await revokePass(deps, owner, { passId });
    await expect(find(payer)).rejects.toMatchObject({ code: 'pass_required' });
    expect(await completeInference(deps, begun, answer)).toEqual({ feeWei: 230n });
    await expect(revokePass(deps, owner, { passId })).rejects.toMatchObject({ code: 'pass_not_found' });
    const bought = await buy('days', 'key-bought');
    await expect(revokePass(deps, owner, bought)).rejects.toMatchObject({ code: 'pass_bought' });
    expect((await getModelAccess(deps, 'one-model', owner.address)).passes).toMatchObject([
      { id: bought.passId, source: 'bought', state: 'usable', holder: payer },
      { id: passId, source: 'granted', state: 'revoked' },
    ]);
  });
});

describe('buying', () => {
  it('charges once for one key, at once and sent again, with a receipt of its kind', async () => {
    const both = await Promise.all([buy('answers', 'key-once'), buy('answers', 'key-once')]);
    expect(await buy('answers', 'key-once')).toEqual(both[0]);
    expect(both[1]).toEqual(both[0]);
    expect(await passes()).toMatchObject([{ source: 'bought', answers: 2, answersLeft: 2, priceWei: 700n, channelId }]);
    expect(await channel()).toMatchObject({ chargedWei: 700n, reservedWei: 0n });
    const entries = await database.db.select().from(ledgerEntries);
    expect(entries.map(({ account, amountWei }) => [account, amountWei])).toEqual(
      expect.arrayContaining([
        [`channel:${channelId}`, 700n],
        ['revenue:unsettled', -700n],
      ]),
    );
    const [receipt] = await database.db.select().from(receipts);
    const body = passReceiptSchema.parse(receipt!.body);
    expect(body).toMatchObject({ id: receipt!.id, payer, feeWei: '700', terms: { answers: 2 } });
    expect(body.model).toEqual({ id: 'mdl_1', name: 'one-model', owner: owner.address });
    expect(body).toMatchObject({ datanet: { id: 'dn_1', versionId: 'dv_1' }, split: { data: expect.any(Number) } });
    expect(receipt).toMatchObject({
      modelId: 'mdl_1',
      id: expect.stringMatching(/^rps_/),
      hash: documentHash(body),
      feeWei: 700n,
    });
    await expect(buy('days', 'key-once')).rejects.toMatchObject({ code: 'pass_key_reused' });
  });

  it('never takes another price than the buyer saw, and names what is missing', async () => {
    await set(owner, { model: 'one-model', access: 'holders', days: null, answers: offer.answers });
    await expect(buy('days', 'key-days-1')).rejects.toMatchObject({ code: 'pass_not_sold' });
    await expect(buy('answers', 'key-dear-1', { priceWei: '699' })).rejects.toMatchObject({
      ...{ code: 'pass_offer_changed', facts: { amount: 2, priceWei: '700' } },
    });
    await expect(
      buyPass(deps, owner, { model: 'one-model', kind: 'answers', ...offer.answers, idempotencyKey: 'key-own-1' }),
    ).rejects.toMatchObject({ code: 'pass_not_sold' });
    await database.db.update(channels).set({ chargedWei: 9_500n });
    await expect(buy('answers', 'key-poor-1')).rejects.toMatchObject({
      ...{ code: 'pass_unpaid', facts: { reason: 'insufficient_deposit', costWei: '700', shortfallWei: '200' } },
    });
    expect(await passes()).toEqual([]);
    expect(await channel()).toMatchObject({ chargedWei: 9_500n, reservedWei: 0n });
  });

  it('begins time where the bought time before it ends', async () => {
    await grant({ kind: 'days', amount: 300 }); // may be taken back, so nothing is put behind it
    await buy('days', 'key-time-1');
    deps.clock.ms += dayMs;
    await buy('days', 'key-time-2');
    const [, first, second] = await passes();
    expect(first!.until!.getTime()).toBe(first!.createdAt.getTime() + 30 * dayMs);
    expect(second!.until!.getTime()).toBe(first!.until!.getTime() + 30 * dayMs);
  });
});

describe('a model with two versions', () => {
  it('is by the model’s name: a pass is for all its versions, and no canary lets anybody around it', async () => {
    const [version] = await database.db.select().from(datanetVersions);
    expect(version!.id).toBe('dv_1');
    await grant({ kind: 'days', amount: 1 });
    await addVersion();
    for (const [name, id] of [
      ['one-model@1', 'mdl_1'],
      ['one-model@2', 'mdl_2'],
      ['mdl_2', 'mdl_2'],
    ] as const) {
      expect((await find(payer, name)).id).toBe(id);
      await expect(find(null, name)).rejects.toMatchObject({ code: 'pass_required' });
    }
    const [one, two] = [await find(payer, 'mdl_1'), await find(payer, 'mdl_2')];
    expect(fitsAsCanary(one, two)).toBe(true);
    const open = { ...one, id: 'mdl_9', familyId: 'mdl_9', access: 'everybody' as const };
    expect(fitsAsCanary(open, two)).toBe(false);
    expect(fitsAsCanary(two, open)).toBe(true);
  });
});
