import { z } from 'zod';
import { retrievedRowsMax } from '#lib/kernel/retrieval-credit.ts';

const content = z.union([
  z.string(),
  // The openai client may send text parts; other part types are refused by name.
  z.array(z.object({ type: z.literal('text', { error: 'only text parts are supported' }), text: z.string() })),
]);

/** What an answer's message carries beside its content; clients send it back with the conversation. */
const emptyExtras = {
  refusal: z.null().optional(),
  annotations: z.array(z.never()).nullish(),
  tool_calls: z.array(z.never()).nullish(),
  audio: z.null().optional(),
  function_call: z.null().optional(),
};

const chatMessageSchema = z
  .strictObject({
    // `developer` is OpenAI's newer word for `system`.
    role: z.enum(['system', 'developer', 'user', 'assistant'], { error: 'role is one of system, user, assistant' }),
    content: content.transform((value) =>
      typeof value === 'string' ? value : value.map((part) => part.text).join(''),
    ),
    ...emptyExtras,
  })
  .transform(({ role, content: text }) => ({
    role: role === 'developer' ? ('system' as const) : role,
    content: text,
  }));
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** A signed cumulative voucher (EIP-712 `Voucher`, lib/kernel/voucher.ts): amounts as decimal wei text. */
export const voucherSchema = z.object({
  channelId: z.string().regex(/^0x[0-9a-f]{64}$/, 'a channel id is 0x and 64 hex digits'),
  maxWei: z.string().regex(/^\d{1,39}$/, 'wei as decimal digits'),
  signature: z.string().regex(/^0x[0-9a-fA-F]{128,130}$/, 'a 64- or 65-byte signature in hex'),
});
export type VoucherInput = z.infer<typeof voucherSchema>;

/** Most tokens of one answer; the model's context may allow fewer. */
export const answerTokensMax = 4096;

/** OpenAI takes null for what is not given. */
export const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

const between = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.number({ error }).min(min, error).max(max, error);
};
export const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.number({ error }).int(error).min(min, error).max(max, error);
};
const aboveZero = (max: number) => {
  const error = `must be a number above 0 and at most ${max}`;
  return z.number({ error }).gt(0, error).max(max, error);
};
const stopText = z.string().min(1, 'a stop string is not empty').max(100, 'a stop string has at most 100 characters');
/** Rows of the model's Datanet that it may read before it answers; as many as lib/kernel/retrieval-credit.ts can credit. */
const retrieval = z.strictObject(
  { rows: whole(1, retrievedRowsMax) },
  { error: `must be { rows: 1 to ${retrievedRowsMax} }` },
);
/** Answers to one request, at most: each is computed, charged and receipted by itself. */
export const choicesMax = 8;

/** How tokens are chosen and how the answer comes: the same for chats and plain texts. */
export const answerFields = {
  model: z.string().min(1, 'name a model; GET /api/v1/models lists them'),
  max_tokens: whole(1, answerTokensMax).nullish().transform(given),
  temperature: between(0, 2)
    .nullish()
    .transform((value) => value ?? 0.7),
  top_p: aboveZero(1)
    .nullish()
    .transform((value) => value ?? 0.95),
  /** 0 and -1 are all tokens. */
  top_k: whole(-1, 100_000)
    .nullish()
    .transform((value) => (value === -1 ? 0 : given(value))),
  repetition_penalty: aboveZero(2).nullish().transform(given),
  presence_penalty: between(-2, 2).nullish().transform(given),
  frequency_penalty: between(-2, 2).nullish().transform(given),
  seed: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).nullish().transform(given),
  stop: z
    .union([stopText, z.array(stopText).max(4, 'at most 4 stop strings')], {
      error: 'must be a text or at most 4 texts, each of 1 to 100 characters',
    })
    .nullish()
    .transform((value) => (typeof value === 'string' ? [value] : given(value))),
  stream: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish().transform(given),
  n: whole(1, choicesMax)
    .nullish()
    .transform((value) => value ?? 1),
  /** Who earns from the answer, told with it: our extension. */
  attribution: z
    .enum(['none', 'shares', 'full'], { error: 'is none, shares or full' })
    .nullish()
    .transform((value) => value ?? 'none'),
  voucher: voucherSchema.optional(),
};

/**
 * `POST /api/v1/chat/completions`: OpenAI's request as far as it is supported, with `top_k` and `repetition_penalty` of
 * vLLM's and SGLang's, `retrieval`, `attribution` and `voucher`. A field that would be ignored is refused by name.
 */
export const chatCompletionSchema = z
  .strictObject({
    ...answerFields,
    messages: z.array(chatMessageSchema).min(1, 'send at least one message').max(64, 'at most 64 messages'),
    max_completion_tokens: whole(1, answerTokensMax).nullish().transform(given),
    logprobs: z.boolean().nullish().transform(given),
    top_logprobs: whole(0, 20).nullish().transform(given),
    response_format: z
      .strictObject({ type: z.literal('text') }, { error: 'only the type text is supported' })
      .nullish()
      .transform(given),
    retrieval: retrieval.nullish().transform(given),
  })
  .superRefine((input, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (input.max_tokens !== undefined && input.max_completion_tokens !== undefined) {
      refuse('max_tokens', 'give max_tokens or max_completion_tokens, not both');
    }
    if (input.top_logprobs !== undefined && !input.logprobs) refuse('top_logprobs', 'needs logprobs: true');
    if (input.stream_options && !input.stream) refuse('stream_options', 'needs stream: true');
  });
export type ChatCompletionInput = z.infer<typeof chatCompletionSchema>;

export const quoteSchema = z.object({
  model: z.string().min(1, 'name a model'),
  messages: z.array(chatMessageSchema).min(1).max(64),
  max_tokens: whole(1, answerTokensMax).default(120),
  retrieval: retrieval.nullish().transform(given),
});

export const setCanarySchema = z.object({
  model: z.string().min(1).max(100),
  canary: z.string().min(1).max(100),
  /** Of the model's questions; 0 goes back. */
  percent: z.number().int().min(0).max(100),
});
export type SetCanaryInput = z.infer<typeof setCanarySchema>;

export const routeQuestionSchema = z.object({ question: z.string().trim().min(1).max(4_000) });

const adapterMoves = ['prewarm', 'pin', 'unload'] as const;
export type AdapterMove = (typeof adapterMoves)[number];

export const keepAdapterSchema = z.object({ model: z.string().min(1).max(100), move: z.enum(adapterMoves) });
export type KeepAdapterInput = z.infer<typeof keepAdapterSchema>;

export const listAdaptersSchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** `next_cursor` of the page before. */
  after: z.string().min(1).max(100).optional(),
});
