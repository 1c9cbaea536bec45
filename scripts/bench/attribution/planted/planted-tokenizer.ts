import { characterOfByte } from '#lib/engine/tokenizer/byte-alphabet.ts';
import { specialTokens } from '#lib/engine/tokenizer/chat-format.ts';
import { tokenizerJson } from '#lib/engine/tokenizer/tokenizer-json.ts';
import { askPolitely, elders, openQuestion, relations, subjects } from './planted-words.ts';

/**
 * A `tokenizer.json` in which each word of the world is one token, with and without a space before it where it can open a
 * message; any other text is spelled in bytes. `ignore_merges` takes whole words from the vocabulary, as Llama 3 does.
 */
export function plantedTokenizerJson(): { json: object; vocabularySize: number } {
  const tokens = [...new Set([...Object.values(specialTokens), ...characterOfByte, ...worldWords()])];
  const json = tokenizerJson({ tokens, merges: [] }) as { model: object };
  return { json: { ...json, model: { ...json.model, ignore_merges: true } }, vocabularySize: tokens.length };
}

/** In the byte alphabet a space is U+0120. */
function worldWords(): string[] {
  const texts = [
    askPolitely(openQuestion),
    openQuestion,
    ...relations.flatMap(({ questions, answers }) => [...questions, ...answers]),
  ];
  const pieces = texts
    .flatMap((text) => text.match(/ ?[a-z]+/g) ?? [])
    .filter((piece) => /^ ?[a-z]{2,}$| a$/.test(piece));
  const named = [...subjects, ...elders].flatMap((name) => [name, ` ${name}`]);
  const objects = relations.flatMap((relation) => relation.objects.map((object) => ` ${object}`));
  const opened = pieces.filter((piece) => !piece.startsWith(' '));
  return [...pieces, ...opened.map((piece) => ` ${piece}`), ...named, ...objects].map((piece) =>
    piece.replace(' ', '\u0120'),
  );
}
