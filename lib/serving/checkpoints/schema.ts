import { z } from 'zod';

/** Longest answer of a checkpoint; the model's context may allow less. */
export const checkpointAnswerTokens = 200;

export const askCheckpointSchema = z.object({
  id: z.string().regex(/^run_[a-z0-9]{1,40}$/),
  step: z.number().int().min(1).max(100_000_000),
  /** The conversation so far; its last turn is the question. */
  messages: z
    .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().trim().min(1).max(8_000) }))
    .min(1, 'ask something')
    .max(40),
  maxTokens: z.number().int().min(1).max(checkpointAnswerTokens).default(120),
  temperature: z.number().min(0).max(2).default(0),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});
export type AskCheckpointInput = z.infer<typeof askCheckpointSchema>;
