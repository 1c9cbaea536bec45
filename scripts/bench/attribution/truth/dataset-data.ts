import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type ChatMessage, renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { createPermutation } from '#lib/engine/train/random.ts';
import type { Recipe } from '#lib/engine/train/recipe.ts';
import { orderRows, type TruthData } from './truth-data.ts';

/** A line of the file: words, or a conversation, and who brought them. */
type DataRow = {
  id: string;
  text?: string;
  messages?: ChatMessage[];
  title?: string;
  section?: string;
  contributors: string[];
};

type Options = {
  path: string;
  modelDir: string;
  recipe: Recipe;
  contributors: number;
  rows: number;
  questions: number;
};

/**
 * Rows of a JSON-lines file (also gzipped) with `contributors`: of the contributors with the most short rows, equally many rows
 * each. A row with several contributors counts for the first. A text becomes the answer to a question after its title.
 */
export async function datasetData({
  path,
  modelDir,
  recipe,
  contributors,
  rows,
  questions,
}: Options): Promise<TruthData> {
  const tokenizer = await Tokenizer.load(modelDir);
  const byOwner = new Map<string, ChatExample[]>();
  for await (const row of readRows(path)) {
    const [owner] = row.contributors ?? [];
    const messages = row.messages ?? conversationOf(row);
    if (JSON.stringify(messages).length > 16 * recipe.maxSeqLength) continue;
    // Training cuts rows as the product does; of much longer ones too little would be left to be about anything.
    const length = renderChat(tokenizer, messages).ids.length;
    if (owner === undefined || length > 3 * recipe.maxSeqLength) continue;
    const own = byOwner.get(owner) ?? [];
    own.push({ id: row.id, messages });
    byOwner.set(owner, own);
  }
  const most = [...byOwner].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)).slice(0, contributors);
  const each = Math.floor(rows / most.length);
  const chosen = most.flatMap(([contributor, own]) =>
    Array.from(createPermutation(own.length, `rows of|${contributor}`).subarray(0, each), (at) => ({
      contributor,
      example: own[at]!,
    })),
  );
  const asked = Array.from(createPermutation(chosen.length, 'questions').subarray(0, questions), (at) => {
    const { id, messages } = chosen[at]!.example;
    return { id, messages: messages.slice(0, 1) };
  });
  const texts = new Map(asked.map(({ id, messages }) => [id, messages[0]!.content]));
  const ordered = orderRows(chosen, { modelDir, recipe });
  return { name: 'data', ...ordered, questions: asked, textOf: (id) => texts.get(id) ?? '', maxTokens: 32 };
}

function conversationOf({ text = '', title = '', section = '' }: DataRow): ChatMessage[] {
  const question = section === '' ? `Tell me about ${title}.` : `${title}: what does "${section}" say?`;
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: text },
  ];
}

async function* readRows(path: string): AsyncGenerator<DataRow> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  for await (const line of createInterface({ input })) if (line.trim() !== '') yield JSON.parse(line) as DataRow;
}
