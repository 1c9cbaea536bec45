import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import { challengeReceipt } from '#lib/challenges/challenge-receipt.ts';
import { challengesADay } from '#lib/challenges/limits.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import type { ReceiptBody2 } from '#lib/kernel/receipt.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { variables } from '#lib/platform/env.ts';
import { isSettlementDue } from '#lib/rewards/is-settlement-due.ts';
import { getPeriod } from '#lib/rewards/queries.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { auditConservation, formatAudit } from '#scripts/audit/conservation.ts';
import { judgeEpoch } from '#scripts/audit/test-support/judge-epoch.ts';
import { shareOut } from '#scripts/bench/repro/draft.ts';
import { parseOptions } from '#scripts/verify/options.ts';
import { openReceiptServer } from '#scripts/verify/receipt-server.ts';
import { openRecomputationPool } from '#scripts/verify/recomputation-pool.ts';
import { verifyTarget } from '#scripts/verify/verify-target.ts';
import { checkChallengeJob } from './check-challenge.ts';
import { serveRoutes } from './test-support/api-server.ts';
import { openAttributedWorld } from './test-support/attributed-world.ts';

// Both throw outside Next; nothing of ours is replaced. A request without a key comes without a cookie, too.
vi.mock('server-only', () => ({}));
vi.mock('next/headers', () => ({ cookies: async () => ({ get: () => undefined }) }));

let world: Awaited<ReturnType<typeof openAttributedWorld>>;
beforeAll(async () => {
  world = await openAttributedWorld(60);
}, 120_000);
afterAll(() => world?.close());

const anna = { kind: 'account', address: `0x${'aa'.repeat(20)}` } as const;
const deps = () => ({ ...world.deps, queue: world.queue, env: world.env });
const challenge = (receiptId: string, actor: typeof anna | { kind: 'visitor' } = anna) =>
  challengeReceipt(deps(), actor, { receiptId });
const decide = async (receiptId: string) => {
  const { id } = await challenge(receiptId);
  await checkChallengeJob(deps(), { challengeId: id });
  await checkChallengeJob(deps(), { challengeId: id }); // the job may run twice
  return (await listChallenges(world.deps.db, receiptId))[0]!;
};
const settle = () => settleRewardPeriod(world.deps);
const periodOf = async (id: string) =>
  (await world.deps.db.select().from(receipts).where(eq(receipts.id, id)))[0]!.rewardPeriodId;
const linesOf = (id: string) => world.deps.db.select().from(rewardLines).where(eq(rewardLines.receiptId, id));
const audit = async () => {
  await world.index();
  const result = await auditConservation({ ...world.deps, pool: world.database.pool });
  if (result.differences.length > 0) throw new Error(formatAudit(result));
};

/** A score raised with everything else made to fit: only the index gives it away. */
const raise = ({ attribution }: ReceiptBody2, shared: ReceiptBody2) => {
  attribution.rows[0]!.score = (BigInt(attribution.rows[0]!.score) + 1n).toString();
  shareOut(shared);
};
const forge = (id: string) => world.forge(id, (body) => raise(body, body));

describe('a receipt over the API', () => {
  let api: Awaited<ReturnType<typeof serveRoutes>>;
  const engines = openRecomputationPool();
  beforeAll(async () => {
    const deploymentFile = join(world.env.MODELS_DIR, 'deployment.json');
    writeFileSync(deploymentFile, JSON.stringify(world.deps.deployment));
    const settings = {
      ...{
        APP_URL: 'http://localhost:3000',
        RPC_URL: world.chain.url,
        DATABASE_URL: world.database.url,
        SERVE_URL: 'http://127.0.0.1:1',
      },
      ...{ DEPLOYMENT_FILE: deploymentFile, LOG_LEVEL: 'silent', OBJECT_STORE_DIR: world.storeDir },
      ...{ INTERNAL_TOKEN: 't'.repeat(32), SESSION_SECRET: 's'.repeat(32), METRICS_TOKEN: 'm'.repeat(32) },
      OPERATOR_PRIVATE_KEY: variables.OPERATOR_PRIVATE_KEY.example,
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    const receipt = '/api/v1/receipts/[id]';
    api = await serveRoutes({
      [`GET ${receipt}`]: (await import('#app/api/v1/receipts/[id]/route.ts')).GET,
      [`GET ${receipt}/codes`]: (await import('#app/api/v1/receipts/[id]/codes/route.ts')).GET,
      [`GET ${receipt}/certificate`]: (await import('#app/api/v1/receipts/[id]/certificate/route.ts')).GET,
      [`GET ${receipt}/period`]: (await import('#app/api/v1/receipts/[id]/period/route.ts')).GET,
      [`GET ${receipt}/answer`]: (await import('#app/api/v1/receipts/[id]/answer/route.ts')).GET,
      [`POST ${receipt}/challenges`]: (await import('#app/api/v1/receipts/[id]/challenges/route.ts')).POST,
      'GET /api/v1/adapters/[id]/index': (await import('#app/api/v1/adapters/[id]/index/route.ts')).GET,
      'GET /api/v1/datanets/[slug]/versions/[number]/rows.jsonl': (
        await import('#app/api/v1/datanets/[slug]/versions/[number]/rows.jsonl/route.ts')
      ).GET,
    });
  }, 60_000);
  afterAll(async () => {
    await engines.close();
    api?.server.close();
    const { openledgerQueue } = globalThis as { openledgerQueue?: Promise<PgBoss> };
    await (await openledgerQueue)?.stop({ graceful: false });
    vi.unstubAllEnvs();
  });

  const verify = async (target: string, apiKey: string | null, more: string[] = []) => {
    const { adapterDir } = world.place;
    const options = parseOptions([
      target,
      '--models',
      world.env.MODELS_DIR,
      '--adapter',
      adapterDir,
      '--json',
      ...more,
    ]);
    const server = openReceiptServer(api.url, apiKey);
    const gateway = world.deps.operator.address.toLowerCase() as `0x${string}`;
    const { steps } = await verifyTarget(target, { options, server, chain: world.deps, gateway, engines });
    return Object.fromEntries(steps.map(({ id, state, detail }) => [id, state === 'differs' ? detail : state]));
  };
  const keyOf = async (address: `0x${string}`) =>
    (await createApiKey(world.deps, { kind: 'account', address }, { name: 'k', budgetWei: 1n })).key;

  it('is recomputed from the first to the last step by its payer, and up to the words by a stranger', async () => {
    const id = await world.ask(7);
    expect(await verify(id, null)).toMatchObject({ scores: 'ok', people: 'ok', proof: 'skipped' });
    await world.chain.passTime(5);
    await settle();
    const [payer, stranger] = [await keyOf(world.payer), await keyOf(anna.address)];
    const own = await verify(id, payer, ['--save', join(world.env.MODELS_DIR, 'saved')]);
    expect(new Set(Object.values(own))).toEqual(new Set(['ok']));
    expect(Object.keys(own)).toEqual(expect.arrayContaining(['tokens', 'gradient', 'chain', 'period']));
    for (const key of [null, stranger]) {
      const { request, gradient, ...others } = await verify(id, key);
      expect([request, gradient, others.period]).toEqual(['skipped', 'skipped', 'ok']);
    }
    expect(new Set(Object.values(await verify(join(world.env.MODELS_DIR, 'saved'), null)))).toEqual(new Set(['ok']));
  }, 30_000);

  it('is named wrong where it is forged, and challenged by that', async () => {
    const id = await world.ask(8);
    await forge(id);
    expect((await verify(id, null)).scores).toContain('score of ex_');
    expect(await openReceiptServer(api.url, null).challenge(id)).toContain('not challenged');
    expect(await openReceiptServer(api.url, await keyOf(anna.address)).challenge(id)).toMatch(/^challenged: chl_/);
    expect((await listChallenges(world.deps.db, id))[0]).toMatchObject({ status: 'queued', challenger: anna.address });
  }, 30_000);
});

describe('a challenged receipt', () => {
  it('that is right comes out the same in every step, and is paid', async () => {
    const id = await world.ask(0);
    const { status, steps } = await decide(id);
    expect(steps.filter(({ state }) => state === 'differs')).toEqual([]);
    expect(status).toBe('rejected');
    const done = steps.filter(({ state }) => state === 'ok').map((step) => step.id);
    expect(done).toEqual(expect.arrayContaining(['certificate-document', 'scores', 'people', 'tokens', 'gradient']));
    await expect(challenge(id)).rejects.toMatchObject({ code: 'challenge_decided' });
    const period = (await settle())!;
    expect(await periodOf(id)).toBe(period.id);
    await audit();
  }, 30_000);

  it('that was forged waits outside of the period, is named by the step that differs, and is paid to nobody', async () => {
    const [good, forged] = [await world.ask(1), await world.ask(2)];
    await forge(forged);
    const { id: challengeId } = await challenge(forged);
    await expect(challenge(forged)).rejects.toMatchObject({ code: 'challenge_open' });
    await world.chain.passTime(5);
    const period = (await settle())!; // while it is undecided
    expect([await periodOf(good), await periodOf(forged)]).toEqual([period.id, null]);
    await checkChallengeJob(deps(), { challengeId });
    const [decided] = await listChallenges(world.deps.db, forged);
    expect(decided).toMatchObject({ status: 'upheld', step: 'Scores from the index' });
    expect(decided!.detail).toContain('score of ex_');
    await expect(challenge(forged)).rejects.toMatchObject({ code: 'challenge_decided', facts: { status: 'upheld' } });
    expect(await settle()).toBeNull();
    expect(await linesOf(forged)).toEqual([]);
    await audit();
  }, 30_000);

  it('leaves a period that is booked but not sent, and the others in it are booked anew', async () => {
    const [good, forged] = [await world.ask(3), await world.ask(4)];
    await forge(forged);
    const dies = (step: string) => {
      if (step === 'booked') throw new Error('killed');
    };
    await expect(settleRewardPeriod({ ...world.deps, onStep: dies })).rejects.toThrow('killed');
    expect(await linesOf(forged)).not.toEqual([]);
    const { id: challengeId } = await challenge(forged);
    await expect(settle()).rejects.toMatchObject({ code: 'settlement_not_ready' });
    await checkChallengeJob(deps(), { challengeId });
    await world.chain.passTime(5);
    const period = (await settle())!;
    expect(period).toMatchObject({ status: 'submitted', receiptCount: 1 });
    expect([await periodOf(good), await periodOf(forged)]).toEqual([period.id, null]);
    expect(await linesOf(forged)).toEqual([]);
    await audit();
  }, 30_000);

  it('whose period is on chain freezes it there while its window is open, and is not in what follows', async () => {
    const [good, forged] = [await world.ask(5), await world.ask(6)];
    await forge(forged);
    await world.chain.passTime(5);
    const { number } = (await settle())!;
    expect((await decide(forged)).status).toBe('upheld');
    await audit();
    const { state, epochId } = await getPeriod(world.deps, number);
    expect(state).toBe('frozen');

    // The court agrees: the period is settled anew without the receipt, and its lines are carried on by no later one.
    await judgeEpoch(world, epochId!, true);
    await world.index();
    await world.chain.passTime(5);
    expect(await isSettlementDue({ ...world.deps, env: { REWARD_PERIOD_SECONDS: 3_600 } })).toBe(true);
    const again = (await settle())!;
    expect(again).toMatchObject({ number, status: 'submitted', receiptCount: 1 });
    expect([await periodOf(good), await periodOf(forged)]).toEqual([again.id, null]);
    expect(await linesOf(forged)).toEqual([]);
    await audit();
    expect(await getPeriod(world.deps, number)).toMatchObject({ state: 'pending' });
  }, 30_000);

  it('needs an account, a receipt, and is bounded', async () => {
    await expect(challenge('rcp_none')).rejects.toMatchObject({ code: 'receipt_not_found' });
    const id = await world.ask(9);
    await expect(challenge(id, { kind: 'visitor' })).rejects.toMatchObject({ code: 'not_signed_in' });
    const past = { receiptId: id, challenger: anna.address, status: 'failed' as const, decidedAt: world.deps.now() };
    const many = Array.from({ length: challengesADay }, (_, i) => ({
      ...past,
      ...{ id: `chl_${i}`, createdAt: world.deps.now() },
    }));
    await world.deps.db.insert(receiptChallenges).values(many);
    await expect(challenge(id)).rejects.toMatchObject({ code: 'challenge_limit' });
  });
});
