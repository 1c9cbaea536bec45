import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, contentHashOf } from './canonical-text.ts';
import { describeVerdict } from './describe-verdict.ts';
import { judgeRows } from './judge-rows.ts';

const fields = [
  { name: 'prompt', label: 'Question', maxChars: 40 },
  { name: 'completion', label: 'Answer', maxChars: 9000 },
];
const row = (line: number, prompt: string, completion = 'An answer.') => ({ line, data: { prompt, completion } });
const say = (rows: Parameters<typeof judgeRows>[1]) => judgeRows(fields, rows, new Map()).map(describeVerdict);

describe('contentHashOf', () => {
  it('is the same for the same words in any spacing, Unicode form and field order', () => {
    expect(contentHashOf({ a: ' ﬁne\u00a0  print\n', b: 'é' })).toBe(contentHashOf({ b: 'e\u0301', a: 'fine print' }));
    expect(contentHashOf({ a: 'Fine' })).not.toBe(contentHashOf({ a: 'fine' }));
    expect(contentHashOf({ a: 'x', b: 'y' })).not.toBe(contentHashOf({ a: 'y', b: 'x' }));
  });
  it('canonicalText changes nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (text) => canonicalText(canonicalText(text)) === canonicalText(text),
      ),
    );
  });
});

describe('judgeRows', () => {
  it('gives one verdict per row: new, duplicates, invalid with the fix, held', () => {
    const known = new Map([[contentHashOf(row(0, 'Known?').data), { exampleId: 'ex_1', status: 'accepted' as const }]]);
    const rows = [row(2, 'What?'), row(3, ' What? '), row(4, 'Known?'), row(5, ''), row(6, 'Is a@b.io yours?')];
    expect(judgeRows(fields, rows, known).map((v) => [v.line, describeVerdict(v)])).toEqual([
      [2, 'New: goes to the curators.'],
      [3, 'Duplicate of line 2 of this file.'],
      [4, 'Duplicate of ex_1 (accepted).'],
      [5, '“prompt” is empty. Write it, or leave the row out.'],
      [6, 'Held: it seems to contain an e-mail address. Take it out, or send the redacted row.'],
    ]);
  });

  it('names the field and the fix of an invalid row', () => {
    expect(say([row(1, 'x'.repeat(47))])).toEqual([
      '“prompt” has 47 characters and this Datanet allows 40. Shorten it by 7.',
    ]);
    expect(say([row(1, 'a\u0000b')])).toEqual([
      '“prompt” contains the control character U+0000 at position 2. Remove it.',
    ]);
    expect(say([row(1, 'a\ud800')])).toEqual([
      '“prompt” contains a broken character. Save the file as UTF-8 and send it again.',
    ]);
    expect(say([row(1, 'Caf\ufffd?')])).toEqual([
      '“prompt” has at position 4 a character that is not UTF-8 (shown as \ufffd). Save the file as UTF-8 and choose it again.',
    ]);
    expect(say([row(1, 'big', 'ü'.repeat(4200))])).toEqual([
      'The row is 8432 bytes and a row holds at most 8192. Shorten or split it.',
    ]);
    expect(say([{ line: 1, data: { prompt: 'x', other: 'y' } }])).toEqual([
      '“completion” is empty. Write it, or leave the row out.',
    ]);
  });

  it('lets no invalid row spoil its neighbours', () => {
    const verdicts = judgeRows(fields, [row(1, ''), row(2, 'Good?'), row(3, '')], new Map());
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['invalid', 'new', 'invalid']);
  });
});
