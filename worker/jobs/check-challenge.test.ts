import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { receiptChallenges } from '#db/schema/challenges.ts';
import { receipts } from '#db/schema/models.ts';
import { rewardLines } from '#db/schema/settlement.ts';
import { challengeReceipt } from '#lib/challenges/challenge-receipt.ts';
import { challengesADay } from '#lib/challenges/limits.ts';
import { listChallenges } from '#lib/challenges/queries.ts';
import type { ReceiptBody2 } from '#lib/kernel/receipt.ts';
import { getPeriod } from '#lib/rewards/queries.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { auditConservation, formatAudit } from '#scripts/audit/conservation.ts';
import { shareOut } from '#scripts/bench/repro/draft.ts';
import { checkChallengeJob } from './check-challenge.ts';
import { openAttributedWorld } from './test-support/attributed-world.ts';

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

  it('whose period is on chain freezes it there while its window is open', async () => {
    const forged = await world.ask(5);
    await forge(forged);
    await world.chain.passTime(5);
    const { number } = (await settle())!;
    expect((await decide(forged)).status).toBe('upheld');
    await audit();
    expect(await getPeriod(world.deps, number)).toMatchObject({ state: 'frozen' });
  }, 30_000);

  it('needs an account, a receipt, and is bounded', async () => {
    await expect(challenge('rcp_none')).rejects.toMatchObject({ code: 'receipt_not_found' });
    const id = await world.ask(6);
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
