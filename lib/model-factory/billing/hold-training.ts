import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { TrainingUnpaidError } from '../errors.ts';
import { findFreeTokens } from './find-free-tokens.ts';
import { trainingFeeWei } from './training-fee.ts';

/** The operator's parameters. */
export type BillingEnv = Pick<Deps['env'], 'TRAINING_WEI_PER_1000_TOKENS' | 'FREE_TRAINING_TOKENS_PER_DAY'>;
export type HoldDeps = Pick<Deps, 'deployment' | 'now' | 'randomBytes'> & {
  db: DatabaseOrTransaction;
  env: BillingEnv;
};

/** What is about to be trained, and who pays. `tokens`: at most so many. */
export type TrainingToHold = { runId: string; payer: string; apiKeyId: string | null; tokens: number };

/**
 * Opens the bill of a run that is about to wait for a worker: takes what is left of the day's free tokens, and holds the price of the
 * rest on the payer's channel. To be called in the transaction that opens the run, so that a refusal leaves nothing behind. Where
 * training costs nothing there is no bill.
 *
 * @throws {TrainingUnpaidError} naming what is missing
 */
export async function holdTraining(deps: HoldDeps, { runId, payer, apiKeyId, tokens }: TrainingToHold): Promise<void> {
  const price = deps.env.TRAINING_WEI_PER_1000_TOKENS;
  if (!price) return;
  // One bill of an account at a time, so that two at once cannot both take the day's last free tokens.
  await deps.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`bills:${payer}`}, 0))`);
  const freeTokens = Math.min(tokens, await findFreeTokens(deps, payer));
  const ceilingWei = trainingFeeWei(tokens - freeTokens, price);
  await deps.db.insert(trainingBills).values({
    ...{ id: newId(deps, 'trainingBill'), runId, payer, apiKeyId, status: 'held', expectedTokens: tokens, freeTokens },
    channelId: ceilingWei > 0n ? await holdOnChannel(deps, { payer, apiKeyId, ceilingWei }) : null,
    ...{ weiPerThousandTokens: price, ceilingWei, feeWei: 0n, createdAt: deps.now() },
  });
}

type Held = {
  outcome: 'held' | 'no_channel' | 'insufficient_deposit' | 'voucher_too_small' | 'api_key_budget';
  channelId?: string;
  freeWei?: string;
  voucherWei?: string;
  neededWei?: string;
  leftWei?: string;
};

/** The database's own function (migration 0044), which answers' holds go through, too. */
async function holdOnChannel(
  deps: HoldDeps,
  { payer, apiKeyId, ceilingWei }: { payer: string; apiKeyId: string | null; ceilingWei: bigint },
): Promise<string> {
  const receiver = deps.deployment.addresses.revenueRouter.toLowerCase();
  const { rows } = await deps.db.execute<{ held: Held }>(sql`
    select hold_on_channel(${payer.toLowerCase()}, null, ${apiKeyId}, ${ceilingWei.toString()}::numeric,
      ${receiver}, ${deps.now().toISOString()}::timestamptz) as held`);
  const { outcome, ...facts } = rows[0]!.held;
  if (outcome === 'held') return facts.channelId!;
  throw new TrainingUnpaidError(outcome, ceilingWei, facts);
}
