import type { GenerateRequest } from '../types.ts';
import type { Dialect } from './dialect.ts';

/**
 * Body of POST /v1/completions. The prompt goes as token ids, so both sides see the same prompt whatever chat template the
 * server has. Every field of ours is said, also where it is off: servers fill gaps from the base's generation_config.json.
 */
export function completionRequest(
  request: GenerateRequest,
  options: {
    dialect: Dialect;
    model: string;
    promptIds: readonly number[];
    maxTokens: number;
    stopTokenIds: readonly number[];
  },
): Record<string, unknown> {
  const { dialect, model, promptIds, maxTokens, stopTokenIds } = options;
  return {
    model,
    prompt: promptIds,
    max_tokens: maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK || -1, // both servers' word for all tokens
    min_p: 0,
    repetition_penalty: request.repetitionPenalty ?? 1,
    presence_penalty: request.presencePenalty ?? 0,
    frequency_penalty: request.frequencyPenalty ?? 0,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    stop: request.stop ?? [],
    stop_token_ids: stopTokenIds,
    logprobs: request.topLogprobs ?? 0, // 0: of the chosen token alone
    n: 1,
    stream: true,
    ...dialect.completionFields,
  };
}
