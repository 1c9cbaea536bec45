import { expect, it } from 'vitest';
import { readTrainingFile } from './read-training-file.ts';

const read = (...lines: string[]) => readTrainingFile(new TextEncoder().encode(lines.join('\n')));
const chat = (...turns: [role: string, content: string][]) =>
  JSON.stringify({ messages: turns.map(([role, content]) => ({ role, content })) });

it('learns the last answer of a chat, with all that was said before it as its question', () => {
  const turns: [string, string][] = [
    ['system', 'Be brief.'],
    ['user', 'Hello'],
    ['assistant', 'Hi.'],
    ['user', 'Who?'],
    ['assistant', 'A clerk.'],
  ];
  const { lines, faults } = read(chat(...turns), '', '{"prompt": "p", "completion": "c"}\r');
  expect(faults).toEqual([]);
  expect(lines).toEqual([
    { line: 1, data: { prompt: 'Be brief.\n\nHello\n\nHi.\n\nWho?', completion: 'A clerk.' } },
    { line: 3, data: { prompt: 'p', completion: 'c' } },
  ]);
});

it.each([
  [chat(['user', 'a'], ['user', 'b']), /its role is assistant/],
  [chat(['user', 'a'], ['assistant', 'b'], ['assistant', 'c']), /follows a message of the user/],
  [chat(['user', 'a'], ['tool', 'b']), /Write it as/],
  [chat(['user', ''], ['assistant', 'b']), /Write it as/],
  ['{"prompt": "p"}', /Write it as/],
  ['[1]', /Write it as/],
  ['{', /not JSON/],
])('names what is wrong with %s', (line, fix) => {
  expect(read(line).faults).toEqual([{ line: 1, fix: expect.stringMatching(fix) }]);
});

it('refuses an empty file', () => {
  expect(read('', '  ').faults).toHaveLength(1);
});
