import type { Deps } from '#lib/platform/deps.ts';
import { getAskableModel } from './get-askable-model.ts';
import { type PromptInput, preparePrompt } from './prepare-prompt.ts';
import { answerFeeWei } from './rules.ts';

export type AnswerQuote = {
  promptTokens: number;
  maxTokens: number;
  contextTokens: number;
  ceilingWei: bigint;
  /** Rows that the prompt would hold; null when none were asked for. */
  rowsRead: number | null;
};

/** What an answer would cost at most, before it is asked for: exact prompt tokens, price ceiling in wei. Writes nothing. @throws as getAskableModel */
export async function quoteAnswer(
  deps: Pick<Deps, 'db' | 'env' | 'now'>,
  input: PromptInput & { model: string; viewer?: string | null | undefined },
): Promise<AnswerQuote> {
  const model = await getAskableModel(deps, input.model, input.viewer);
  const { promptIds, contextTokens, maxTokens, retrieved } = await preparePrompt(deps, model, input);
  const promptTokens = promptIds.length;
  const ceilingWei = answerFeeWei(model, promptTokens, maxTokens);
  return { promptTokens, maxTokens, contextTokens, ceilingWei, rowsRead: retrieved?.length ?? null };
}
