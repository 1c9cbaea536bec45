import { eq } from 'drizzle-orm';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { holdTraining } from '#lib/model-factory/billing/hold-training.ts';
import { issueTrainingReceipts } from '#lib/model-factory/billing/issue-training-receipts.ts';
import { settleTraining } from '#lib/model-factory/billing/settle-training.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import type { Channel, SettlementWorld } from './settlement-world.ts';

/** Trains on the seeded version and is cancelled half way, at 1,000 wei a token; returns what was charged for. Only the training itself is made up. */
export async function payTraining(world: SettlementWorld, channel: Channel, tokens: number): Promise<bigint> {
  const { db } = world.database;
  const at = world.deps.now();
  const env = { TRAINING_WEI_PER_1000_TOKENS: 1_000_000n, FREE_TRAINING_TOKENS_PER_DAY: 0 };
  const run = { id: 'run_paid', owner: channel.payer, name: 'paid', versionId: 'dv_1', baseModel: 'openledger-nano' };
  await db.insert(trainingRuns).values({
    ...{ ...run, preset: 'quick', recipe: {}, seed: 1, status: 'running', idempotencyKey: 'paid', createdAt: at },
  });
  const [row] = await db.select().from(channels).where(eq(channels.id, channel.id));
  const maxWei = (row?.chargedWei ?? 0n) + BigInt(tokens) * 1_000n;
  const voucher = { channelId: channel.id, maxWei: maxWei.toString() };
  const signature = await world.signVoucher(channel, maxWei);
  await registerVoucher(world.deps, { kind: 'account', address: channel.payer }, { ...voucher, signature });
  await db.transaction((tx) =>
    holdTraining({ ...world.deps, env, db: tx }, { runId: run.id, payer: channel.payer, apiKeyId: null, tokens }),
  );
  await db.insert(trainingEvents).values([
    { runId: run.id, seq: 1, type: 'started', data: { totalSteps: 10, trainTokens: tokens }, at },
    { runId: run.id, seq: 2, type: 'step', data: { step: 5 }, at },
  ]);
  await db.transaction((tx) => settleTraining({ now: world.deps.now, db: tx }, run.id, 'cancelled'));
  await issueTrainingReceipts(world.deps);
  return (BigInt(tokens) / 2n) * 1_000n;
}
