import type { Deps } from '#lib/platform/deps.ts';
import { ModelNotFoundError } from './errors.ts';
import { type PromptInput, preparePrompt } from './prepare-prompt.ts';
import { findServableModel } from './queries.ts';
import { answerFeeWei } from './rules.ts';

export type AnswerQuote = {
  promptTokens: number;
  maxTokens: number;
  contextTokens: number;
  ceilingWei: bigint;
  /** Rows that the prompt would hold; null when none were asked for. */
  rowsRead: number | null;
};

/** What an answer would cost at most, before it is asked for: exact prompt tokens, price ceiling in wei. Writes nothing. */
export async function quoteAnswer(
  deps: Pick<Deps, 'db' | 'env'>,
  input: PromptInput & { model: string; viewer?: string | null | undefined },
): Promise<AnswerQuote> {
  const model = await findServableModel(deps.db, input.model, input.viewer);
  if (!model) throw new ModelNotFoundError(input.model);
  const { promptIds, contextTokens, maxTokens, retrieved } = await preparePrompt(deps, model, input);
  const promptTokens = promptIds.length;
  const ceilingWei = answerFeeWei(model, promptTokens, maxTokens);
  return { promptTokens, maxTokens, contextTokens, ceilingWei, rowsRead: retrieved?.length ?? null };
}
