import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import { renderChat, renderPrefix } from '#lib/engine/tokenizer/chat.ts';
import type { OpenModel } from './model-pool.ts';

/**
 * Prompt ids as the model will see them: a conversation by its chat template, or a text to go on with. Also while all places are
 * taken: what an answer costs can be told although it would have to wait.
 *
 * @throws ChatTemplateError
 */
export function renderPrompt(
  { tokenizer }: Pick<OpenModel, 'tokenizer'>,
  asked: { text?: string | undefined; messages?: readonly ChatMessage[] | undefined },
): number[] {
  if (asked.text !== undefined) return renderPrefix(tokenizer, asked.text);
  return renderChat(tokenizer, asked.messages ?? [], { addGenerationPrompt: true }).ids;
}
