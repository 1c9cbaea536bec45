import type { SeededRandom } from '../seeded-random.ts';
import type { AttackRow } from '../types.ts';
import { type AttackPlan, ownRows, withRows, wordsOf } from './attack-plan.ts';

type Edit = (row: AttackRow, random: SeededRandom, rows: AttackRow[]) => AttackRow;

/** Other case and other spacing. */
export const recased: Edit = (row) =>
  inTexts(row, (words) => words.map((w, i) => (i % 2 ? w.toUpperCase() : w)).join('  '));

/** In each text two neighbours change places, and punctuation stands between words. */
export const reordered: Edit = (row, random) =>
  inTexts(row, (words) => {
    const list = [...words];
    const at = list.length > 2 ? random.below(list.length - 1) : -1;
    if (at >= 0) list.splice(at, 2, list[at + 1]!, list[at]!);
    return list.map((word, i) => (i % 4 === 2 ? `${word}, -` : word)).join(' ');
  });

/** A few words that mean much the same; where none is known, one small word becomes another. */
export const withSynonyms: Edit = (row, random) =>
  inTexts(row, (words) => {
    const known = words.flatMap((word, i) => (synonyms.has(word.toLowerCase()) ? [i] : []));
    const chosen = new Set(random.sample(known, Math.max(1, Math.round(words.length / 8))));
    return words.map((word, i) => (chosen.has(i) ? synonyms.get(word.toLowerCase())! : word)).join(' ');
  });

/** Words of another row stand before the question and after the answer. */
export const padded: Edit = (row, random, rows) => {
  const filler = () => random.sample(wordsOf(random.pick(rows).question || random.pick(rows).answer), 3).join(' ');
  const question = row.question === '' ? '' : `${filler()} ${row.question}`;
  return { ...row, question, answer: `${row.answer} ${filler()}` };
};

/** The same answer to another question, about what question and answer have in common: made to pass for another row. */
export const retoldElsewhere: Edit = (row) => {
  const answered = new Set(wordsOf(row.answer).map(bare));
  const subject = wordsOf(row.question).filter((word) => answered.has(bare(word)));
  return { ...row, question: `tell everything about ${subject.join(' ') || 'it'}` };
};

/** Each own row once more, edited. */
export const copyEdited =
  (kind: string, edit: Edit): AttackPlan =>
  (scene) =>
    withRows(
      scene,
      ownRows(scene).map((row) => ({ ...edit(row, scene.random, scene.rows), id: `${row.id}-${kind}` })),
    );

/** Own rows put together anew: the first half of one answer and the last of the next. */
export const stitchOwnRows: AttackPlan = (scene) => {
  const own = ownRows(scene);
  const stitched = own.map((row, i): AttackRow => {
    const [first, other] = [wordsOf(row.answer), wordsOf(own[(i + 1) % own.length]!.answer)];
    const answer = [...first.slice(0, Math.ceil(first.length / 2)), ...other.slice(Math.floor(other.length / 2))];
    return { ...row, id: `${row.id}-stitched`, answer: answer.join(' ') };
  });
  return withRows(scene, stitched);
};

/** A word without case and punctuation. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function inTexts(row: AttackRow, edit: (words: string[]) => string): AttackRow {
  const edited = (text: string): string => (text === '' ? '' : edit(wordsOf(text)));
  return { ...row, question: edited(row.question), answer: edited(row.answer) };
}

/** Pairs of everyday words, used both ways. */
const synonyms = new Map(
  'the that|a one|an one|is was|are were|what which|how why|tell say|says tells|customer client|should must|can may|make build|give offer|get receive|before until|after once|when if|of from|in within|to into|and plus|big large|small little|answer reply|ask request|start begin|end finish|show present|find discover|word term|means denotes|place spot|name title|person human'
    .split('|')
    .map((pair) => pair.split(' ') as [string, string])
    .flatMap(([one, other]) => [[one, other] as const, [other, one] as const]),
);
