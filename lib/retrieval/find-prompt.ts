import type { DatabaseOrTransaction } from '#db/client.ts';
import { promptWithRows, rowText } from '#lib/kernel/prompt-with-rows.ts';
import { findRows } from './find-rows.ts';
import { fitPassages } from './fit-passages.ts';
import type { ChatMessage, RetrievalModel, RetrievedRow } from './types.ts';

export type FoundPrompt<P> = {
  messages: ChatMessage[];
  prompt: P;
  /** In the order of the prompt; empty when no row has a word of the question, or none fits. */
  retrieved: RetrievedRow[];
};

/**
 * A conversation with up to `rows` rows of the model's Datanet that have the words of its last question. Rows are shortened
 * to fit, the conversation never is: without room for a row it stays as it was.
 *
 * @param render tokens of a conversation, under the model's own chat template
 * @param plain the conversation without rows
 * @param tokensMax of the prompt
 */
export async function findPrompt<P extends { promptIds: number[] }>(
  db: DatabaseOrTransaction,
  model: RetrievalModel,
  { messages, rows }: { messages: ChatMessage[]; rows: number },
  { render, plain, tokensMax }: { render: (messages: ChatMessage[]) => Promise<P>; plain: P; tokensMax: number },
): Promise<FoundPrompt<P>> {
  const question = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  const found = (await findRows(db, model, question, rows))
    .map(({ id, data, fields }) => ({ id, text: rowText(data, fields) }))
    .filter(({ text }) => text !== '');
  const fitted = await fitPassages(
    found.map(({ text }) => text),
    (passages) => render(promptWithRows(messages, passages)),
    { without: plain.promptIds.length, max: tokensMax },
  );
  if (!fitted) return { messages, prompt: plain, retrieved: [] };
  const { passages, prompt } = fitted;
  const retrieved = passages.map((passage, i) => ({ exampleId: found[i]!.id, chars: passage.length }));
  return { messages: promptWithRows(messages, passages), prompt, retrieved };
}
