import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import pg from 'pg';
import { parseEther } from 'viem';
import { HeadlessPayer } from './support/headless-payer.ts';
import { Installation, type Victim } from './support/installation.ts';
import { devnetPerson } from './support/people.ts';
import { dataDir } from './support/place.ts';
import { auditConservation } from './support/settle.ts';

const product = new Installation(`${dataDir}-kill`, {
  ...{ REWARD_PERIOD_SECONDS: '10', CHALLENGE_WINDOW_SECONDS: '24' },
  AUDIT_CPU_SECONDS: '0', // certification only takes time from what is killed here
});
const kills: string[] = [];
let kept: pg.Client | null = null;

test.afterAll(async () => {
  await disconnect();
  await product.stop();
});

/** Issue 2, section 3: kill -9 in the middle of training, of a paid answer, of settlement; nothing is lost or paid twice. */
test('twenty kills: the run resumes, nobody is charged twice, nothing is paid twice', async () => {
  test.setTimeout(15 * 60_000); // another journey trains beside it
  await product.start();
  const model = await test.step('7 kills in the middle of training', trainThroughKills);
  const payer = new HeadlessPayer(product.url, product.runtime, devnetPerson(8));
  await payer.signIn();
  await payer.openChannel(parseEther('20'));
  await expect(() =>
    query("select 1 from chain_events where name = 'Opened'").then((rows) => expect(rows).toHaveLength(1)),
  ).toPass();

  const asked: string[] = [];
  await test.step('7 kills in the middle of a paid answer', async () => {
    for (const victim of ['web', 'serve', 'postgres', 'anvil', 'web', 'index', 'all'] as const) {
      const isOnItsWay = victim === 'web' || victim === 'serve' || victim === 'all';
      let ended = await killDuringAnswer(payer, model, asked, victim);
      // Sampled answers can be so short that they end before the kill: then another question is asked.
      for (let more = 0; isOnItsWay && ended === 'complete' && more < 5; more++) {
        ended = await killDuringAnswer(payer, model, asked, victim);
      }
      if (isOnItsWay) expect(ended, victim).toBe('broke off');
      else expect(ended, victim).not.toBe('refused');
    }
  });

  await test.step('every question is answered in the end, under its first idempotency key', async () => {
    for (const [i] of asked.entries()) await answered(payer, model, `answer-${i + 1}`);
  });

  await test.step('6 kills in the middle of settlement', async () => {
    for (const victim of ['jobs', 'anvil', 'postgres', 'jobs', 'chain', 'all'] as const) {
      const key = `answer-${asked.push(victim)}`;
      await answered(payer, model, key);
      const before = await periods();
      await expect.poll(periods, { timeout: 120_000, intervals: [20] }).not.toBe(before);
      await kill(victim, 'settlement');
      await product.untilHealthy();
    }
  });

  await test.step('once everything is settled, the books and the chain agree to the wei', async () => {
    const open =
      "select id from receipts where fee_wei > 0 and reward_period_id is null union select id from reward_periods where status <> 'submitted'";
    await expect.poll(async () => (await query(open)).length, { timeout: 90_000 }).toBe(0);
    await expect(async () => {
      expect(await auditConservation(product.runtime)).toContain('Every wei is accounted for.');
    }).toPass({ timeout: 60_000, intervals: [2_000] });
    await expectChargedOnce(asked.length);
  });
  expect(kills.length).toBeGreaterThanOrEqual(20);
});

/** The sample model's run, which starts by itself: killed before its first checkpoint, while it waits, and after it. */
async function trainThroughKills(): Promise<string> {
  const step = (type: string) => `select seq from training_events where type = '${type}'`;
  const training = 'the training';
  await until(step('step'), 1);
  await kill('jobs', training);
  await kill('index', training);
  await kill('anvil', training);
  await until(step('checkpoint'), 1);
  await kill('jobs', training);
  await kill('serve', training);
  await until(step('resumed'), 1);
  await kill('postgres', training);
  await product.untilHealthy();
  await kill('all', training);
  await until(
    "select a.id from adapters a join training_runs r on r.id = a.run_id where r.status = 'succeeded' and a.eval_loss < a.base_eval_loss",
    1,
  );
  const steps = await query<{ step: number }>(
    "select (data->>'step')::int as step from training_events where type = 'resumed'",
  );
  expect(steps[0]?.step).toBeGreaterThan(0);
  await until("select 1 from chain_events where name = 'VersionPublished'", 1);
  const [model] = await query<{ slug: string }>('select slug from models');
  return model!.slug;
}

/** Asks as a client does: refused while a part starts again, it asks again under the same key. */
async function answered(payer: HeadlessPayer, model: string, key: string): Promise<void> {
  await expect(async () => {
    const { status, code, ended } = await payer.ask(model, key);
    expect({ status, code, ended }).toEqual({ status: 200, code: null, ended: true });
  }).toPass({ timeout: 60_000, intervals: [1_000] });
}

/** One more question, and a kill at its first words; back when the product is whole again. */
async function killDuringAnswer(payer: HeadlessPayer, model: string, asked: string[], victim: Victim) {
  const key = `answer-${asked.push(victim)}`;
  let ended = await askAndKill(payer, model, key, victim);
  // Refused while a part starts again: nothing was held, and the client asks again under the same key.
  for (let tries = 0; ended === 'refused' && tries < 30; tries++) {
    await sleep(500);
    ended = await askAndKill(payer, model, key, victim);
  }
  await product.untilHealthy();
  return ended;
}

/** Asks, and kills at the first words of the answer. */
async function askAndKill(payer: HeadlessPayer, model: string, key: string, victim: Victim) {
  let struck = false;
  const { ended } = await payer.ask(model, key, async () => {
    struck = true;
    await kill(victim, 'an answer');
  });
  if (!struck) return 'refused';
  return ended ? 'complete' : 'broke off';
}

/** One completed inference and one charge for each question, and no wei held any more. */
async function expectChargedOnce(questions: number): Promise<void> {
  const answers = await query("select fee_wei from inferences where status = 'completed' and fee_wei > 0");
  expect(answers).toHaveLength(questions);
  const charges = await query("select key from ledger_transactions where key like 'charge:%'");
  expect(charges).toHaveLength(questions);
  const [sums] = await query<{ charged: string; fees: string; held: string }>(
    "select (select sum(charged_wei) from channels)::text as charged, (select sum(reserved_wei) from channels)::text as held, (select sum(fee_wei) from inferences where status = 'completed')::text as fees",
  );
  expect(sums!.charged).toBe(sums!.fees);
  expect(sums!.held).toBe('0');
}

async function kill(victim: Victim, during: string): Promise<void> {
  kills.push(`${victim} during ${during}`);
  await product.kill(victim);
}

const periods = async () => (await query('select id from reward_periods')).length;

/** Waits until a query has rows; the database may be away meanwhile. */
async function until(sql: string, rows: number): Promise<void> {
  await expect
    .poll(
      () =>
        query(sql).then(
          (found) => found.length,
          () => -1,
        ),
      { timeout: 240_000, intervals: [50], message: sql },
    )
    .toBeGreaterThanOrEqual(rows);
}

/**
 * One connection is kept for all questions: a new one for each, some twenty a second, took the machine from what is killed here. It
 * goes with the database that is killed under it; the next question opens another.
 */
async function query<Row extends object>(sql: string): Promise<Row[]> {
  const isNew = kept === null;
  kept ??= await connect();
  try {
    return (await kept.query<Row>(sql)).rows;
  } catch (error) {
    await disconnect();
    if (isNew) throw error;
    return query<Row>(sql);
  }
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: product.runtime.DATABASE_URL });
  client.on('error', () => {}); // it is killed under us
  await client.connect();
  return client;
}

async function disconnect(): Promise<void> {
  const client = kept;
  kept = null;
  await client?.end().catch(() => {});
}
