import type { ServableModel } from './types.ts';

type Price = Pick<ServableModel, 'inputWeiPerToken' | 'outputWeiPerToken'>;

/** Fee of an answer in wei: tokens in × price in + tokens out × price out. With `maxTokens` out it is the ceiling. */
export function answerFeeWei(price: Price, promptTokens: number, completionTokens: number): bigint {
  return BigInt(promptTokens) * price.inputWeiPerToken + BigInt(completionTokens) * price.outputWeiPerToken;
}
