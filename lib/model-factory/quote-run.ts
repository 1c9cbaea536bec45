import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findChannelForAccount, freeWeiOf } from '#lib/serving/queries.ts';
import { findFreeTokens } from './billing/find-free-tokens.ts';
import { mostTokens, trainingFeeWei, trainingSplit } from './billing/training-fee.ts';
import { estimateRun } from './estimate-run.ts';
import type { EstimateRunInput } from './schema.ts';
import type { RunQuote, TrainingPrice } from './types.ts';

type QuoteDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log' | 'now' | 'deployment'>;

/**
 * What a run will take and cost before it is launched: the estimate, the price of its tokens, what is free of it today, and what is
 * missing on the account's deposit. The same figures that the start holds by.
 */
export async function quoteRun(deps: QuoteDeps, actor: Actor, input: EstimateRunInput): Promise<RunQuote> {
  const estimate = await estimateRun(deps, actor, input);
  const { tokens, check } = estimate;
  return { ...estimate, price: await priceOf(deps, actor, mostTokens({ tokens, check, epochs: input.recipe.epochs })) };
}

async function priceOf(deps: QuoteDeps, actor: Actor, tokens: number): Promise<TrainingPrice> {
  const { TRAINING_WEI_PER_1000_TOKENS: weiPerThousandTokens, FREE_TRAINING_TOKENS_PER_DAY: freeTokensPerDay } =
    deps.env;
  const account = actor.kind === 'account' ? actor.address : null;
  const left = account ? await findFreeTokens(deps, account) : freeTokensPerDay;
  const freeTokens = Math.min(tokens, left);
  const costWei = trainingFeeWei(tokens - freeTokens, weiPerThousandTokens);
  const { revenueRouter } = deps.deployment.addresses;
  const channel = account ? await findChannelForAccount(deps.db, account, revenueRouter) : null;
  const balanceWei = channel && freeWeiOf(channel);
  const lackWei = costWei - (balanceWei ?? 0n);
  return {
    ...{ weiPerThousandTokens, tokens, freeTokens, freeTokensPerDay, costWei, balanceWei },
    ...{ shortfallWei: lackWei > 0n ? lackWei : 0n, dataBps: trainingSplit.data },
  };
}
