import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { promptWithRows, rowText } from '#lib/kernel/prompt-with-rows.ts';
import { type PlantedRow, plantedFacts } from '../planted/planted-facts.ts';
import type { Fact } from '../planted/planted-words.ts';

/** Rows in a prompt, as many as the product credits. */
export const rowsRead = 4;

/** A question with the rows that search puts before it, best first. */
export type ReadQuestion = { id: string; messages: ChatMessage[]; fact: Fact; isReworded: boolean; read: PlantedRow[] };

const fields = [{ name: 'question' }, { name: 'answer' }];

export function passageOf({ messages: [ask, answer] }: PlantedRow): string {
  return rowText({ question: ask!.content, answer: answer!.content }, fields);
}

export function states({ facts }: PlantedRow, { subject, relation, object }: Fact): boolean {
  return facts.some((one) => one.subject === subject && one.relation === relation && one.object === object);
}

/** Questions of a planted world with the rows that have their words: BM25 with a word once a row, as lib/retrieval ranks. */
export function readQuestions(seed: string, count: number): ReadQuestion[] {
  const { rows, queries } = plantedFacts({ seed, queries: count });
  const words = rows.map((row) => wordsOf(passageOf(row)));
  return queries.map((query) => ({
    ...query,
    read: bestRows(wordsOf(query.messages[0]!.content), words).map((i) => rows[i]!),
  }));
}

/**
 * Conversations that teach to answer from the rows that stand before a question: the answer is what the right one says. Taken from
 * a world in which the same people eat, own and do other things than in the one that is asked about, so that only reading helps there.
 */
export function readingLessons(seed: string, count: number): ChatExample[] {
  return readQuestions(seed, count).flatMap(({ id, messages, fact, read }) => {
    const right = read.find((row) => states(row, fact) && row.facts.length === 1);
    if (!right) return [];
    return [{ id, messages: [...promptWithRows(messages, read.map(passageOf)), right.messages[1]!] }];
  });
}

function bestRows(asked: ReadonlySet<string>, rows: readonly ReadonlySet<string>[]): number[] {
  const mean = rows.reduce((sum, row) => sum + row.size, 0) / rows.length;
  const scores = rows.map((row) => {
    const damping = 2.2 / (1 + 1.2 * (0.25 + (0.75 * row.size) / mean));
    return [...asked].reduce((sum, word) => sum + (row.has(word) ? damping * rarity(word, rows) : 0), 0);
  });
  return [...rows.keys()].sort((i, j) => scores[j]! - scores[i]! || i - j).slice(0, rowsRead);
}

function rarity(word: string, rows: readonly ReadonlySet<string>[]): number {
  const having = rows.filter((row) => row.has(word)).length;
  return Math.log(1 + (rows.length - having + 0.5) / (having + 0.5));
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
