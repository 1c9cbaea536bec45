import { runInThread } from '../runtime/training-thread.ts';

export type MeasureTextsInput = {
  modelDir: string;
  rows: readonly { id: string; text: string }[];
  /** Longer texts are cut here, and at the base's context. */
  maxTokens: number;
  threads: number;
};

/** Mean loss of a text's tokens in nats under the base alone: the logarithm of its perplexity. */
export type TextLoss = { id: string; tokens: number; loss: number };

/**
 * How surprising texts are to a base model, in a thread of its own: one forward pass over them. Texts without two tokens are left out.
 *
 * @throws the errors of `loadBaseModel`, by name and code
 */
export async function measureTexts(input: MeasureTextsInput): Promise<TextLoss[]> {
  if (input.rows.length === 0) return [];
  const events = runInThread<MeasureTextsInput, TextLoss[]>(input, {
    entry: new URL('./measure-texts-worker.ts', import.meta.url),
    toError: ({ name, message, code }) => Object.assign(new Error(message), { name, ...(code && { code }) }),
  });
  const { value } = await events.next();
  await events.return(undefined);
  return value as TextLoss[];
}
