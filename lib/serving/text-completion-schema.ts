import { z } from 'zod';
import { answerFields, choicesMax, given, whole } from './schema.ts';

const prompt = z.string().min(1, 'is empty').max(200_000, 'is longer than 200,000 characters');

/**
 * `POST /api/v1/completions`: OpenAI's older request, in which a model goes on with a text and no chat template applies. Several
 * prompts, `n` times each, are answers of their own. A field that would be ignored is refused by name.
 */
export const textCompletionSchema = z
  .strictObject({
    ...answerFields,
    prompt: z
      .union([prompt, z.array(prompt).min(1, 'send at least one prompt')], {
        error: 'must be a text or a list of texts; tokens are not taken',
      })
      .transform((value) => (typeof value === 'string' ? [value] : value)),
    logprobs: whole(0, 5).nullish().transform(given),
    echo: z.literal(false, { error: 'is not supported here; leave it out' }).nullish(),
    best_of: z.literal(1, { error: 'is not supported here beyond 1' }).nullish(),
  })
  .superRefine((input, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (input.prompt.length * input.n > choicesMax) {
      refuse('prompt', `prompts times n are at most ${choicesMax} answers`);
    }
    if (input.stream_options && !input.stream) refuse('stream_options', 'needs stream: true');
  });
export type TextCompletionInput = z.infer<typeof textCompletionSchema>;
