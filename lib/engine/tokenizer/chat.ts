import { specialTokens } from './chat-format.ts';
import { type Tokenizer, TokenizerError } from './tokenizer.ts';

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** `lossMask[i]` is 1 where `ids[i]` is a token that the model has to learn to say. */
export type RenderedChat = { ids: number[]; lossMask: number[] };

/**
 * Renders a conversation: `<|role|>\ncontent<|end|>\n` a message, as `chatTemplate` does. The loss covers what the
 * assistant says and the `<|end|>` that stops it. Content is trimmed and encoded as plain text, so a user who writes
 * `<|end|>` cannot open a message in another role.
 *
 * @throws TokenizerError if the vocabulary lacks the role tokens
 */
export function renderChat(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  { addGenerationPrompt = false }: { addGenerationPrompt?: boolean } = {},
): RenderedChat {
  const ids: number[] = [];
  const lossMask: number[] = [];
  const append = (piece: readonly number[], mask: 0 | 1): void => {
    for (const id of piece) {
      ids.push(id);
      lossMask.push(mask);
    }
  };
  const newline = tokenizer.encode('\n');
  const end = specialId(tokenizer, specialTokens.end);
  for (const { role, content } of messages) {
    const mask = role === 'assistant' ? 1 : 0;
    append([specialId(tokenizer, specialTokens[role]), ...newline], 0);
    append([...tokenizer.encode(content.trim()), end], mask);
    append(newline, 0);
  }
  if (addGenerationPrompt) append([specialId(tokenizer, specialTokens.assistant), ...newline], 0);
  return { ids, lossMask };
}

/** Renders a row that is no conversation: `<|endoftext|>text<|endoftext|>`, loss on all but the first token. */
export function renderText(tokenizer: Tokenizer, text: string): RenderedChat {
  const border = specialId(tokenizer, specialTokens.endOfText);
  const ids = [border, ...tokenizer.encode(text.trim()), border];
  return { ids, lossMask: ids.map((_, i) => (i === 0 ? 0 : 1)) };
}

/** Tokens after which an answer is over. */
export function stopIds(tokenizer: Tokenizer): number[] {
  return [specialTokens.end, specialTokens.endOfText].map((token) => specialId(tokenizer, token));
}

function specialId(tokenizer: Tokenizer, token: string): number {
  const id = tokenizer.idOf(token);
  if (id === null) throw new TokenizerError(`The vocabulary has no ${token}, which the chat format needs.`);
  return id;
}
