import { devnetChainId } from '#lib/platform/env.ts';
import type { ServableModel } from './types.ts';

type Price = Pick<ServableModel, 'inputWeiPerToken' | 'outputWeiPerToken'>;

/** Fee of an answer in wei: tokens in × price in + tokens out × price out. With `maxTokens` out it is the ceiling. */
export function answerFeeWei(price: Price, promptTokens: number, completionTokens: number): bigint {
  return BigInt(promptTokens) * price.inputWeiPerToken + BigInt(completionTokens) * price.outputWeiPerToken;
}

/**
 * The shortest withdrawal delay of a channel that we serve on, in seconds: between a payer's request and its end the watch-tower
 * must claim, through a chain or a process that is down for a while. The devnet takes the contract's least, so that a person can
 * watch a withdrawal.
 */
export function delayMinSeconds(chainId: number): number {
  return chainId === devnetChainId ? 900 : 3_600;
}
