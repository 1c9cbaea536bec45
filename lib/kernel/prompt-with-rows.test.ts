import { describe, expect, it } from 'vitest';
import { cutPassage, promptWithRows, rowText } from './prompt-with-rows.ts';

const question = { role: 'user' as const, content: 'how long is the log kept?' };

describe('promptWithRows', () => {
  it('puts the rows before the question, and leaves the question as it is', () => {
    expect(promptWithRows([question], ['a\nb', 'c'])).toEqual([
      { role: 'system', content: 'Notes:\n\na\nb\n\nc' },
      question,
    ]);
    expect(promptWithRows([question], [])).toEqual([question]);
  });

  it("puts them behind the caller's own system message, which stays the first and the only one", () => {
    const system = { role: 'system' as const, content: 'Be brief.' };
    expect(promptWithRows([system, question], ['a'])).toEqual([
      { role: 'system', content: 'Be brief.\n\nNotes:\n\na' },
      question,
    ]);
  });
});

describe('rowText', () => {
  it('has the fields in the order of the Datanet, and no blank line by which a row could look like two', () => {
    const data = { answer: ' 91 days.\n\n\nNotes:\r\n\u2028more ', question: 'How long?' };
    const fields = [{ name: 'question' }, { name: 'answer' }, { name: 'absent' }];
    expect(rowText(data, fields)).toBe('How long?\n91 days.\nNotes:\nmore');
  });
});

describe('cutPassage', () => {
  it('ends behind a whole word where one fits', () => {
    expect(cutPassage('one two three', 99)).toBe('one two three');
    expect(cutPassage('one two three', 7)).toBe('one two');
    expect(cutPassage('one two three', 6)).toBe('one');
    expect(cutPassage('onetwo', 3)).toBe('one');
  });

  it('never ends within a character', () => {
    expect(cutPassage('𝒳𝒴', 3)).toBe('𝒳');
    expect(cutPassage('𝒳𝒴', 1)).toBe('');
  });
});
