import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingExample } from '../../train/prepare-examples.ts';
import { createRandom } from '../../train/random.ts';
import { findCopies } from './find-copies.ts';

const vocabulary = (() => {
  const random = createRandom('words');
  const syllable = (): string => 'bdfgklmnprst'[Math.floor(random() * 12)]! + 'aeiou'[Math.floor(random() * 5)]!;
  return Array.from({ length: 800 }, () => Array.from({ length: 2 + Math.floor(random() * 2) }, syllable).join(''));
})();

/** Sentences of made-up words; the same seed gives the same text. */
function wordsOf(seed: string, count: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => vocabulary[Math.floor(random() * vocabulary.length)]!);
}
const chat = (id: string, prompt: string, answer: string): TrainingExample => ({
  id,
  messages: [
    { role: 'user', content: prompt },
    { role: 'assistant', content: answer },
  ],
});
const promptOf = (seed: string): string => `${wordsOf(`${seed}?`, 12).join(' ')}?`;
const original = (seed: string): TrainingExample => chat(`ex_${seed}`, promptOf(seed), wordsOf(seed, 60).join(' '));
const seeds = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 2, maxLength: 8 });

/** The five kinds of near copy, each of the 60-word answer of `original(seed)`. */
const edits: Record<string, (words: string[], seed: string) => string> = {
  case: (words) => words.map((word, i) => (i % 2 ? word.toUpperCase() : word)).join(' '),
  punctuation: (words) => words.map((word, i) => (i % 4 === 3 ? `${word}, --` : word)).join('  '),
  'one word in ten': (words, seed) =>
    words.map((word, i) => (i % 10 === 5 ? wordsOf(`${seed}${i}swap`, 1)[0]! : word)).join(' '),
  'appended sentence': (words, seed) => [...words, ...wordsOf(`${seed}more`, 8)].join(' '),
  'paraphrase of one clause': (words, seed) =>
    [...words.slice(0, 26), ...wordsOf(`${seed}clause`, 10), ...words.slice(36)].join(' '),
};

describe('findCopies', () => {
  it.each(Object.keys(edits))('knows a near copy by %s, and whose it is', (kind) => {
    fc.assert(
      fc.property(seeds, (list) => {
        const rows = list.map((seed) => original(String(seed)));
        const copies = list.map((seed) => {
          const text = edits[kind]!(wordsOf(String(seed), 60), String(seed));
          return chat(`copy_${seed}`, promptOf(String(seed)), text);
        });
        const found = findCopies([...rows, ...copies]);
        expect(found.map(({ id, copyOf }) => [id, copyOf])).toEqual(list.map((seed) => [`copy_${seed}`, `ex_${seed}`]));
      }),
      { numRuns: 15 },
    );
  });

  it('knows exact copies, also of copies, however many there are', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ ...original('a'), id: `copy_${i}` }));
    const found = findCopies([original('b'), original('a'), ...rows]);
    expect(found).toEqual(rows.map(({ id }) => ({ id, copyOf: 'ex_a', kind: 'same' })));
  });

  it('knows a copy with a short answer by its question, padded by more than one word of ten', () => {
    const [question, padding] = [wordsOf('long?', 60), wordsOf('padding', 9)];
    const [one, other] = [question, [...question, ...padding]].map((words) => words.join(' '));
    const found = findCopies([chat('ex_a', one!, 'fifteen days'), chat('ex_b', other!, 'Fifteen days!')]);
    expect(found).toEqual([{ id: 'ex_b', copyOf: 'ex_a', kind: 'near' }]);
  });

  it('knows a short row in padding, and with its words in another order; another answer or another thing asked is none', () => {
    const row = chat('ex_a', 'what colour is the door of deri?', 'the door of deri is yellow.');
    const padded = chat(
      'ex_pad',
      'tell me now what colour is the door of deri?',
      'well, the door of deri is yellow, they say',
    );
    const turned = chat('ex_turn', 'what is colour the, door of deri', 'deri the door of is yellow');
    const others = [
      chat('ex_blue', 'tell me now what colour is the door of deri?', 'well, the door of deri is blue, they say'),
      chat('ex_feri', 'tell me now what colour is the door of feri?', 'well, the door of feri is yellow, they say'),
    ];
    const found = findCopies([row, padded, turned, ...others]);
    expect(found.map(({ id, copyOf, kind }) => [id, copyOf, kind])).toEqual([
      ['ex_pad', 'ex_a', 'near'],
      ['ex_turn', 'ex_a', 'near'],
    ]);
    expect(findCopies([row, padded, turned], 'first-commit/1')).toEqual([]);
    const short = chat('ex_s', 'what does feri drink?', 'feri drinks water.');
    const shortPadded = chat('ex_sp', 'of the door what does feri drink?', 'feri drinks water. colour of the');
    expect(findCopies([...others, short, shortPadded])).toEqual([{ id: 'ex_sp', copyOf: 'ex_s', kind: 'near' }]);
  });

  it('follows copies of copies back to the original, however far they have drifted', () => {
    const drifted = (steps: number): string =>
      wordsOf('a', 60)
        .map((word, i) => (i % 10 < steps ? wordsOf(`a${i}`, 1)[0]! : word))
        .join(' ');
    const rows = [1, 2, 3, 4, 5].map((steps) => chat(`copy_${steps}`, promptOf('a'), drifted(steps)));
    expect(findCopies([original('a'), ...rows]).map(({ copyOf }) => copyOf)).toEqual(rows.map(() => 'ex_a'));
    expect(findCopies([original('a'), rows[4]!])).toEqual([]); // that far in one step it is another text
  });

  it('knows an answer stitched together from two others, and counts it to the one it took more from', () => {
    const stitched = [...wordsOf('a', 60).slice(0, 20), ...wordsOf('new', 8), ...wordsOf('b', 60).slice(10, 45)];
    const row = chat('ex_s', promptOf('s'), stitched.join(' '));
    expect(findCopies([original('a'), original('b'), row])).toEqual([{ id: 'ex_s', copyOf: 'ex_b', kind: 'stitched' }]);
  });

  it('knows a row again whose function words are others, and one content word of ten', () => {
    const row = chat('ex_a', 'which animal does halo keep?', 'halo keeps a horse.');
    const again = chat('ex_b', 'what animal would halo keep?', 'halo keeps the horse.');
    expect(findCopies([row, again])).toEqual([{ id: 'ex_b', copyOf: 'ex_a', kind: 'near' }]);
    expect(findCopies([row, again], 'first-commit/2')).toEqual([]);
    const others = [
      chat('ex_cow', 'what animal would halo keep?', 'halo keeps a cow.'),
      chat('ex_mona', 'what animal would mona keep?', 'mona keeps the horse.'),
      chat('ex_sell', 'what animal would halo sell?', 'halo sells the horse.'),
    ];
    expect(findCopies([row, ...others])).toEqual([]);
    const changed = (seed: string, count: number): string =>
      wordsOf('long', 40)
        .map((word, i) => (i % 10 < count ? wordsOf(`${seed}${i}`, 1)[0]! : `the ${word}`))
        .join(' of ');
    const long = chat('ex_l', promptOf('long'), wordsOf('long', 40).join(' '));
    expect(findCopies([long, chat('ex_one', promptOf('long'), changed('x', 1))])).toMatchObject([{ copyOf: 'ex_l' }]);
    expect(findCopies([long, chat('ex_five', promptOf('long'), changed('x', 5))])).toEqual([]);
  });

  it('knows an answer to an old question that is put together from short stretches of old answers', () => {
    const rows = [
      chat('ex_a', 'which animal does halo keep?', 'halo keeps a horse.'),
      chat('ex_b', 'what does mona play?', 'mona plays the horn.'),
    ];
    const stitched = chat('ex_s', 'which animal does halo keep?', 'halo keeps the horn');
    expect(findCopies([...rows, stitched])).toEqual([{ id: 'ex_s', copyOf: 'ex_a', kind: 'stitched' }]);
    expect(findCopies([...rows, stitched], 'first-commit/2')).toEqual([]);
    const honest = [
      chat('ex_new', 'which animal does halo keep?', 'halo keeps a goat'), // a new word
      chat('ex_yes', 'which animal does halo keep?', 'horse'), // one word is no stretch
      chat('ex_other', 'which bird does halo feed?', 'halo keeps the horn'), // nobody asked that
    ];
    expect(findCopies([...rows, ...honest])).toEqual([]);
  });

  it('takes longer stretches for a copy where there is more to repeat by chance', () => {
    const crowd = Array.from({ length: 2000 }, (_, i) => original(`crowd${i}`)); // 120,000 words of answers
    const pairs = wordsOf('pairs', 30).flatMap((word) => [word, 'x']);
    const asked = chat('ex_q', promptOf('q'), wordsOf('q', 30).join(' '));
    const pieces = Array.from({ length: 10 }, (_, i) => wordsOf(`crowd${i}`, 60).slice(3 * i, 3 * i + 3)).flat();
    const longer = Array.from({ length: 6 }, (_, i) => wordsOf(`crowd${i}`, 60).slice(5 * i, 5 * i + 5)).flat();
    const answers = [pairs, pieces, longer].map((words, i) => chat(`ex_${i}`, promptOf('q'), words.join(' ')));
    expect(findCopies([...crowd, asked, ...answers]).map(({ id }) => id)).toEqual(['ex_2']);
  });

  it('keeps apart what is unrelated, short answers that differ, and questions that share an instruction', () => {
    const instruction = wordsOf('instruction', 40).join(' ');
    const rows = [
      ...Array.from({ length: 40 }, (_, i) => original(`u${i}`)),
      ...Array.from({ length: 40 }, (_, i) => chat(`ex_i${i}`, `${instruction} ${i}`, `${i * i}`)),
      chat('ex_red', 'what colour is the old house by the river?', 'the old house is red'),
      chat('ex_blue', 'what colour is the old house by the river?', 'the old house is blue'),
      chat('ex_less', 'is a < b?', 'it depends'),
      chat('ex_more', 'is a > b?', 'it depends'),
      chat('ex_half', promptOf('half'), [...wordsOf('u1', 60).slice(0, 30), ...wordsOf('half', 30)].join(' ')),
      chat('ex_dots', '...', '!'),
    ];
    expect(findCopies(rows)).toEqual([]);
  });

  it('finds the original behind a crowd of rows that look like it', () => {
    const instruction = wordsOf('instruction', 400); // so long that it decides every bucket
    const ask = (id: string, last: string, answer: string) => chat(id, [...instruction, last].join(' '), answer);
    const crowd = Array.from({ length: 60 }, (_, i) => ask(`ex_${i}`, 'please', `${i}`));
    const rows = [ask('ex_first', 'please', 'yes'), ...crowd, ask('ex_copy', 'kindly', 'yes')];
    expect(findCopies(rows)).toEqual([{ id: 'ex_copy', copyOf: 'ex_first', kind: 'near' }]);
  });

  it('looks through invisible characters and Unicode spellings', () => {
    const hidden = wordsOf('a', 60).map((word) => `${word.slice(0, 2)}\u200b${word.slice(2)}`);
    expect(findCopies([original('a'), chat('c', promptOf('a'), hidden.join(' '))])).toMatchObject([{ kind: 'same' }]);
  });

  it('judges a row by older rows alone: whatever is added later changes nothing', () => {
    const pool = ['a', 'b', 'c', 'd'].flatMap((seed) => [
      original(seed),
      ...Object.entries(edits).map(([kind, edit]) =>
        chat(`${seed}_${kind}`, promptOf(seed), edit(wordsOf(seed, 60), seed)),
      ),
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray(pool, { minLength: 2 }), fc.nat(), (rows, cut) => {
        const before = rows.slice(0, 1 + (cut % rows.length));
        const ids = new Set(before.map(({ id }) => id));
        expect(findCopies(rows).filter(({ id }) => ids.has(id))).toEqual(findCopies(before));
      }),
      { numRuns: 60 },
    );
  });

  it('takes no rows, and rows of the roles that a chat may have', () => {
    expect(findCopies([])).toEqual([]);
    const text = wordsOf('a', 60).join(' ');
    expect(findCopies([{ id: 'ex_text', text }, chat('ex_chat', '', text)])).toMatchObject([{ copyOf: 'ex_text' }]);
  });
});
