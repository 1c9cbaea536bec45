import { z } from 'zod';

const content = z.union([
  z.string(),
  // The openai client may send text parts; other part types are refused by name.
  z.array(z.object({ type: z.literal('text', { error: 'only text parts are supported' }), text: z.string() })),
]);

export const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant'], { error: 'role is one of system, user, assistant' }),
  content: content.transform((value) => (typeof value === 'string' ? value : value.map((part) => part.text).join(''))),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** A signed cumulative voucher (EIP-712 `Voucher`, lib/kernel/voucher.ts): amounts as decimal wei text. */
export const voucherSchema = z.object({
  channelId: z.string().regex(/^0x[0-9a-f]{64}$/, 'a channel id is 0x and 64 hex digits'),
  maxWei: z.string().regex(/^\d{1,39}$/, 'wei as decimal digits'),
  signature: z.string().regex(/^0x[0-9a-fA-F]{128,130}$/, 'a 64- or 65-byte signature in hex'),
});
export type VoucherInput = z.infer<typeof voucherSchema>;

/** `POST /api/v1/chat/completions`: OpenAI's request, the part that we support, plus `voucher`. */
export const chatCompletionSchema = z.object({
  model: z.string().min(1, 'name a model; GET /api/v1/models lists them'),
  messages: z.array(chatMessageSchema).min(1, 'send at least one message').max(64, 'at most 64 messages'),
  max_tokens: z.number().int().min(1).max(512).optional(),
  max_completion_tokens: z.number().int().min(1).max(512).optional(),
  temperature: z.number().min(0).max(2).default(0.7),
  top_p: z.number().gt(0).max(1).default(0.95),
  seed: z.number().int().optional(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).optional(),
  stream: z.boolean().default(false),
  stream_options: z.object({ include_usage: z.boolean().optional() }).optional(),
  n: z.literal(1, { error: 'n must be 1' }).optional(),
  voucher: voucherSchema.optional(),
});
export type ChatCompletionInput = z.infer<typeof chatCompletionSchema>;

export const quoteSchema = z.object({
  model: z.string().min(1, 'name a model'),
  messages: z.array(chatMessageSchema).min(1).max(64),
  max_tokens: z.number().int().min(1).max(512).default(120),
});
