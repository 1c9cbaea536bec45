import { z } from 'zod';

export const rateAnswerSchema = z.object({ verdict: z.enum(['good', 'bad']) });

export const correctAnswerSchema = z.object({
  question: z.string().trim().min(1, 'write the question'),
  answer: z.string().trim().min(1, 'write the answer as it should be'),
  /** That it may be published as a row of the Datanet, under its licence, with the receipt's id as its source. */
  consent: z.literal(true, { error: 'agree that it becomes a row of the Datanet, or keep it to yourself' }),
  /** Made by the browser with the form: sending again stores nothing twice. */
  idempotencyKey: z.string().min(8).max(100),
});
export type CorrectAnswerInput = z.infer<typeof correctAnswerSchema>;
