import type { ChatCompletionInput, ChatMessage, VoucherInput } from './schema.ts';
import type { TextCompletionInput } from './text-completion-schema.ts';

/** One answer that is asked for, whichever call asked. */
export type AnswerRequest = {
  model: string;
  /** The conversation; of a plain text one message of the user's, which is its text. */
  messages: ChatMessage[];
  /** The text of the message as it is, without the model's chat template. */
  isPlain: boolean;
  maxTokens: number;
  retrieval?: { rows: number } | undefined;
  voucher?: VoucherInput | undefined;
  /** The caller's open task that this answer is a call of (X-OpenLedger-Task). */
  task?: string | undefined;
  sampling: Sampling;
};

/** How tokens are chosen, as the serve process takes it. */
export type Sampling = {
  temperature: number;
  topP: number;
  topK?: number | undefined;
  repetitionPenalty?: number | undefined;
  presencePenalty?: number | undefined;
  frequencyPenalty?: number | undefined;
  topLogprobs?: number | undefined;
  seed?: number | undefined;
  stop?: string[] | undefined;
};

/** Longest answer to a request that names no length. */
const defaultMaxTokens = 120;
/** OpenAI's older call has a default of its own. */
const defaultTextTokens = 16;

/** The `n` answers that a chat asks for. With a seed each has one of its own, so that they differ and come again. */
export function requestsOfChat(input: ChatCompletionInput): AnswerRequest[] {
  const { model, messages, retrieval, voucher } = input;
  const maxTokens = input.max_completion_tokens ?? input.max_tokens ?? defaultMaxTokens;
  const topLogprobs = input.logprobs ? (input.top_logprobs ?? 0) : undefined;
  return Array.from({ length: input.n }, (_, i) => ({
    ...{ model, messages, retrieval, maxTokens, isPlain: false },
    ...(i === 0 && voucher && { voucher }),
    sampling: samplingOf(input, topLogprobs, i),
  }));
}

/** The answers that a completion asks for: prompts in their order, `n` of each. */
export function requestsOfText(input: TextCompletionInput): AnswerRequest[] {
  const { model, prompt, n, voucher, logprobs } = input;
  return prompt.flatMap((text, p) =>
    Array.from({ length: n }, (_, i) => ({
      ...{ model, isPlain: true, maxTokens: input.max_tokens ?? defaultTextTokens },
      messages: [{ role: 'user' as const, content: text }],
      ...(p + i === 0 && voucher && { voucher }),
      sampling: samplingOf(input, logprobs, i),
    })),
  );
}

function samplingOf(
  input: ChatCompletionInput | TextCompletionInput,
  topLogprobs: number | undefined,
  choice: number,
): Sampling {
  return {
    temperature: input.temperature,
    topP: input.top_p,
    topK: input.top_k,
    repetitionPenalty: input.repetition_penalty,
    presencePenalty: input.presence_penalty,
    frequencyPenalty: input.frequency_penalty,
    topLogprobs,
    seed: input.seed === undefined ? undefined : input.seed + choice,
    stop: input.stop,
  };
}
