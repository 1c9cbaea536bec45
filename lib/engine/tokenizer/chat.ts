import { generationEnd, generationStart } from './chat-template.ts';
import { ChatTemplateError } from './errors.ts';
import type { Tokenizer } from './tokenizer.ts';

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

/** `lossMask[i]` is 1 where `ids[i]` is a token that the model has to learn to say. */
export type RenderedChat = { ids: number[]; lossMask: number[] };

/** Characters [start, end) of a rendered conversation that the assistant speaks. */
type Span = { start: number; end: number };

/**
 * Renders a conversation by the model's chat template. The loss covers what the assistant says and the token that ends
 * it: the `{% generation %}` blocks of the template where it has them, else what an answer adds to the conversation
 * before it. A special token that a message spells out stays plain text, so nobody can speak in another's role.
 *
 * @throws ChatTemplateError if the template refuses the conversation, or renders an answer otherwise once more follows
 */
export function renderChat(
  tokenizer: Tokenizer,
  messages: readonly ChatMessage[],
  { addGenerationPrompt = false }: { addGenerationPrompt?: boolean } = {},
): RenderedChat {
  const guarded = messages.map(({ role, content }) => ({ role, content: tokenizer.guardSpecialTokens(content) }));
  const marked = renderMarked(tokenizer, guarded, addGenerationPrompt);
  const { text } = marked;
  const ids = tokenizer.encodeWithSpecialTokens(text);
  const lossMask = ids.map(() => 0);
  const spans = tokenizer.chatTemplate.marksGeneration ? marked.spans : findAnswers(tokenizer, guarded, text);
  for (const { start, end } of spans) {
    const from = countCommon(ids, tokenizer.encodeWithSpecialTokens(text.slice(0, start)));
    const to = countCommon(ids, tokenizer.encodeWithSpecialTokens(text.slice(0, end)));
    // Nothing is said after the token that ends an answer, so what the template writes there is not to be learnt.
    const stop = ids.findLastIndex((id, i) => i >= from && i < to && tokenizer.isSpecial(id));
    lossMask.fill(1, from, stop < 0 ? to : stop + 1);
  }
  return { ids, lossMask };
}

/**
 * A conversation as the model reads it, special tokens spelled out: what comes before its last answer, and the answer with what
 * the template puts after it. For people to look at; `renderChat` gives the tokens.
 */
export function spellChat(tokenizer: Tokenizer, messages: readonly ChatMessage[]): { before: string; answer: string } {
  const { text } = renderMarked(tokenizer, messages, false);
  const before = renderMarked(tokenizer, messages.slice(0, -1), true).text;
  return text.startsWith(before) ? { before, answer: text.slice(before.length) } : { before: '', answer: text };
}

/** Renders a row that is no conversation, as documents are in pre-training: loss on all but a token that opens it. */
export function renderText(tokenizer: Tokenizer, text: string): RenderedChat {
  const bos = opensWith(tokenizer);
  const ids = tokenizer.encodeWithSpecialTokens(
    bos + tokenizer.guardSpecialTokens(text.trim()) + (tokenizer.eosToken ?? ''),
  );
  return { ids, lossMask: ids.map((_, i) => (i === 0 && bos !== '' ? 0 : 1)) };
}

/** Tokens of a text that a model is to go on with, opened as documents are in training; no template, and nothing ends it. */
export function renderPrefix(tokenizer: Tokenizer, text: string): number[] {
  return tokenizer.encodeWithSpecialTokens(opensWith(tokenizer) + tokenizer.guardSpecialTokens(text));
}

/** Where one token both opens and ends documents, it separates them, and the first word is told from it. */
function opensWith({ addsBos, bosToken, eosToken }: Tokenizer): string {
  return bosToken !== null && (addsBos || bosToken === eosToken) ? bosToken : '';
}

/**
 * Tokens after which an answer is over: those that the model's configuration names, and the one that its chat template
 * puts after an answer.
 */
export function stopIds(tokenizer: Tokenizer): number[] {
  const { ids, lossMask } = renderChat(tokenizer, [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
  ]);
  const last = ids[lossMask.lastIndexOf(1)];
  const eos = tokenizer.eosToken === null ? null : tokenizer.idOf(tokenizer.eosToken);
  const ends = [...tokenizer.eosTokenIds, ...(eos === null ? [] : [eos])];
  return [...new Set(last !== undefined && tokenizer.isSpecial(last) ? [last, ...ends] : ends)];
}

/** The whole conversation with and without each answer: an answer is what the second lacks. */
function findAnswers(tokenizer: Tokenizer, messages: readonly ChatMessage[], whole: string): Span[] {
  return messages.flatMap(({ role }, i) => {
    if (role !== 'assistant') return [];
    const before = renderMarked(tokenizer, messages.slice(0, i), true).text;
    const after = i === messages.length - 1 ? whole : renderMarked(tokenizer, messages.slice(0, i + 1), false).text;
    if (!after.startsWith(before) || !whole.startsWith(after)) {
      throw new ChatTemplateError(
        'The chat template writes a conversation otherwise once it goes on, so its answers cannot be told apart.',
      );
    }
    return [{ start: before.length, end: after.length }];
  });
}

function renderMarked(
  { chatTemplate, bosToken, eosToken }: Tokenizer,
  messages: readonly ChatMessage[],
  addGenerationPrompt: boolean,
): { text: string; spans: Span[] } {
  const rendered = chatTemplate.render({
    messages,
    add_generation_prompt: addGenerationPrompt,
    bos_token: bosToken ?? '',
    eos_token: eosToken ?? '',
  });
  const spans: Span[] = [];
  let [text, start] = ['', 0];
  // The marks are halves of surrogate pairs: with the u flag they are found only where they stand alone.
  for (const piece of rendered.split(new RegExp(`([${generationStart}${generationEnd}])`, 'u'))) {
    if (piece === generationStart) start = text.length;
    else if (piece === generationEnd) spans.push({ start, end: text.length });
    else text += piece;
  }
  return { text, spans };
}

function countCommon(a: readonly number[], b: readonly number[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}
