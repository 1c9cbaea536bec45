import { expect, test } from 'vitest';
import { chatDocuments } from './chat-documents.ts';
import { createPermutation, createRandom } from './random.ts';

const prose =
  'The office keeps a record of every request. It answers within ten days, and it names the person who decided.';
const document = {
  title: 'Requests for records.',
  text: [
    'How to ask',
    prose,
    '- a list item that is long enough to be taken for prose if lists were allowed to be it',
    'Fees',
    `${prose} ${prose}`,
  ].join('\n\n'),
};

function all(seeds: number, maxCharacters = 2000) {
  return Array.from({ length: seeds }, (_, seed) =>
    chatDocuments(document, createRandom(String(seed)), maxCharacters),
  ).flat();
}

test('every conversation is a question and an answer that stands in the document', () => {
  const conversations = all(40);
  expect(conversations.length).toBeGreaterThan(40);
  for (const [question, answer, ...rest] of conversations) {
    expect(rest).toEqual([]);
    expect([question!.role, answer!.role]).toEqual(['user', 'assistant']);
    expect(`${document.title}\n\n${document.text}`).toContain(answer!.content);
    expect(question!.content).not.toContain('{');
  }
});

test('the answer to a heading is the paragraph below it', () => {
  const aboutFees = all(40).filter(([question]) => /\bFees\b/.test(question!.content));
  expect(aboutFees.length).toBeGreaterThan(0);
  for (const [, answer] of aboutFees) expect(answer!.content).toBe(`${prose} ${prose}`);
});

test('no more conversations start once the allowance is used', () => {
  for (const seed of Array.from({ length: 20 }, (_, i) => String(i))) {
    expect(chatDocuments(document, createRandom(seed), 1).length).toBeLessThanOrEqual(2);
  }
});

test('random numbers and permutations are functions of the seed', () => {
  const draw = (seed: string) => Array.from({ length: 1000 }, createRandom(seed));
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(draw('a').reduce((sum, x) => sum + x, 0) / 1000).toBeCloseTo(0.5, 1);
  expect([...createPermutation(100, 'a')].sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(createPermutation(100, 'a')).not.toEqual(createPermutation(100, 'b'));
});
