import { z } from 'zod';

const messages = z
  .array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string().max(200_000) }))
  .min(1)
  .max(200);

/** Body of POST /tokenize. */
export const tokenizeSchema = z.object({ adapterId: z.string().min(1), messages });

/** Body of POST /generate. */
export const generateSchema = tokenizeSchema.extend({
  maxTokens: z.number().int().min(1).max(100_000),
  temperature: z.number().min(0).max(2),
  topP: z.number().gt(0).max(1),
  seed: z.number().int().optional(),
  stop: z.array(z.string().min(1).max(100)).max(8).optional(),
});
