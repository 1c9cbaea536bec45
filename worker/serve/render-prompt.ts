import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import { renderChat, renderPrefix } from '#lib/engine/tokenizer/chat.ts';
import type { OpenModel } from './model-pool.ts';

/**
 * Prompt ids as the model will see them: a conversation by its chat template, or a text to go on with. Asked before a price is held,
 * so it also refuses when the queue is full already.
 *
 * @throws ChatTemplateError; an error with the code `queue_full`
 */
export function renderPrompt(
  { tokenizer, running, capacity }: OpenModel,
  asked: { text?: string | undefined; messages?: readonly ChatMessage[] | undefined },
): number[] {
  if (running >= capacity) throw Object.assign(new Error(`${running} answers are under way`), { code: 'queue_full' });
  if (asked.text !== undefined) return renderPrefix(tokenizer, asked.text);
  return renderChat(tokenizer, asked.messages ?? [], { addGenerationPrompt: true }).ids;
}
