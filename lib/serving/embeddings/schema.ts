import { z } from 'zod';

const inputsMax = 64;
const token = z.number().int().min(0);
const texts = z
  .union(
    [
      z.string().min(1),
      z.array(z.string().min(1)).min(1),
      z.array(token).min(1),
      z.array(z.array(token).min(1)).min(1),
    ],
    {
      error: 'must be a text, tokens, or a list of either, none of them empty',
    },
  )
  .transform((value): (string | number[])[] => {
    if (typeof value === 'string') return [value];
    return typeof value[0] === 'number' ? [value as number[]] : (value as string[] | number[][]);
  })
  .refine((list) => list.length <= inputsMax, `at most ${inputsMax} texts`);

/** OpenAI's request of vectors. Theirs have as many numbers as the model is wide: `dimensions` is refused by name. */
export const embeddingsSchema = z.strictObject({
  model: z.string().min(1, 'name a model'),
  input: texts,
  encoding_format: z.enum(['float', 'base64'], { error: 'is float or base64' }).default('float'),
  user: z.string().max(200).optional(),
});
