import { z } from 'zod';

const messages = z
  .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) }))
  .min(1)
  .max(200);

/** Body of POST /tokenize: a conversation for the model's chat template, or a text to go on with. */
export const tokenizeSchema = z.union([
  z.strictObject({ adapterId: z.string().min(1), messages }),
  z.strictObject({ adapterId: z.string().min(1), text: z.string().min(1).max(200_000) }),
]);

/** Body of POST /embed. `tokensMax`: of all texts together. */
export const embedSchema = z.strictObject({
  adapterId: z.string().min(1),
  texts: z
    .array(
      z
        .string()
        .min(1)
        .max(200_000)
        .or(z.array(z.number().int().min(0)).min(1)),
    )
    .min(1)
    .max(64),
  tokensMax: z.number().int().min(1),
});

/** Body of POST /generate. The ranges are the engine's; a request beyond them is a fault of the web server. */
export const generateSchema = z.object({
  adapterId: z.string().min(1),
  /** Empty where `promptIds`, or a `text` to go on with, is the prompt. */
  messages: messages.or(z.array(z.never()).length(0)),
  promptIds: z.array(z.number().int().min(0)).min(1).optional(),
  text: z.string().min(1).max(200_000).optional(),
  /** Says the prompt's tokens as the first line, before the model begins; `maxTokens` is then cut to what the context leaves. */
  announce: z.boolean().optional(),
  /** Whose request it is, as a hash: callers take turns in the queue. */
  caller: z.string().min(1).max(100),
  maxTokens: z.number().int().min(1).max(1_000_000),
  temperature: z.number().min(0).max(2),
  topP: z.number().gt(0).max(1),
  topK: z.number().int().min(0).optional(),
  repetitionPenalty: z.number().gt(0).max(2).optional(),
  presencePenalty: z.number().min(-2).max(2).optional(),
  frequencyPenalty: z.number().min(-2).max(2).optional(),
  topLogprobs: z.number().int().min(0).max(20).optional(),
  seed: z.number().int().optional(),
  stop: z.array(z.string().min(1).max(100)).max(8).optional(),
});

export type GenerateBody = z.infer<typeof generateSchema>;

/** POST /adapters/<id>/<verb>. */
export const adapterPathPattern = /^\/adapters\/([A-Za-z0-9_]{1,80})\/(prewarm|pin|unload)$/;
