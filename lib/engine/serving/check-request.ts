import { GenerateRequestError } from './errors.ts';
import type { GenerateRequest } from './types.ts';

/** Bounds that need no model to be checked. @throws GenerateRequestError naming the first field out of its range */
export function checkRequest(request: GenerateRequest): void {
  const { messages, promptIds, maxTokens, temperature, topP, priority = 0 } = request;
  const { topK = 0, repetitionPenalty = 1, presencePenalty = 0, frequencyPenalty = 0, topLogprobs = 0 } = request;
  if (promptIds ? promptIds.length === 0 : messages.length === 0) {
    throw new GenerateRequestError(`${promptIds ? 'promptIds' : 'messages'} is empty.`);
  }
  if (promptIds && messages.length > 0) {
    throw new GenerateRequestError('messages and promptIds are given; a request has one prompt.');
  }
  check('maxTokens', maxTokens, 'a positive integer', Number.isInteger(maxTokens) && maxTokens >= 1);
  check('temperature', temperature, 'from 0 to 2', temperature >= 0 && temperature <= 2);
  check('topP', topP, 'above 0 and at most 1', topP > 0 && topP <= 1);
  check('topK', topK, 'an integer, 0 or more', Number.isInteger(topK) && topK >= 0);
  check(
    'repetitionPenalty',
    repetitionPenalty,
    'above 0 and at most 10',
    repetitionPenalty > 0 && repetitionPenalty <= 10,
  );
  check('presencePenalty', presencePenalty, 'from -2 to 2', Math.abs(presencePenalty) <= 2);
  check('frequencyPenalty', frequencyPenalty, 'from -2 to 2', Math.abs(frequencyPenalty) <= 2);
  check(
    'topLogprobs',
    topLogprobs,
    'an integer from 0 to 20',
    Number.isInteger(topLogprobs) && topLogprobs >= 0 && topLogprobs <= 20,
  );
  check('priority', priority, 'an integer from -10 to 10', Number.isInteger(priority) && Math.abs(priority) <= 10);
}

function check(name: string, value: number, wanted: string, isFine: boolean): void {
  if (!isFine) throw new GenerateRequestError(`${name} is ${value}; it must be ${wanted}.`);
}
