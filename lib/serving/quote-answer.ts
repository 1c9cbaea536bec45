import type { Deps } from '#lib/platform/deps.ts';
import { ModelNotFoundError } from './errors.ts';
import { findServableModel } from './queries.ts';
import { answerFeeWei } from './rules.ts';
import type { ChatMessage } from './schema.ts';
import { tokenizePrompt } from './serve-client.ts';

/** What an answer would cost at most, before it is asked for: exact prompt tokens, price ceiling in wei. Writes nothing. */
export async function quoteAnswer(
  deps: Pick<Deps, 'db' | 'env'>,
  input: { model: string; messages: ChatMessage[]; maxTokens: number },
): Promise<{ promptTokens: number; maxTokens: number; contextTokens: number; ceilingWei: bigint }> {
  const model = await findServableModel(deps.db, input.model);
  if (!model) throw new ModelNotFoundError(input.model);
  const { promptIds, contextTokens } = await tokenizePrompt(deps, model.adapterId, input.messages);
  const maxTokens = Math.min(input.maxTokens, contextTokens - promptIds.length);
  const promptTokens = promptIds.length;
  return { promptTokens, maxTokens, contextTokens, ceilingWei: answerFeeWei(model, promptTokens, maxTokens) };
}
