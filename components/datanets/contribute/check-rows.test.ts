import { describe, expect, it } from 'vitest';
import { describeVerdict } from '#lib/contributions/parse/describe-verdict.ts';
import { checkDraft, readDroppedFile } from './check-rows.ts';
import { type Draft, emptyDraft, parseDraft } from './draft.ts';

const fields = [
  { name: 'prompt', label: 'Question', maxChars: 100 },
  { name: 'completion', label: 'Answer', maxChars: 100 },
];
const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft('key-1'), ...change });
const verdicts = (change: Partial<Draft>) =>
  checkDraft(draft(change), fields, new Map())?.rows.map((row) => [row.line, describeVerdict(row.verdict)]);

describe('checkDraft', () => {
  it('names every line of a file in order: good rows, duplicates and lines that cannot be read', () => {
    const text = 'question,answer\na,b\nragged\na , b\nc,mail me@corp.io\n';
    expect(verdicts({ mode: 'file', file: { name: 'x.csv', text } })).toEqual([
      [2, 'New: goes to the curators.'],
      [3, 'The row has 1 cell and the header 2. Add the missing cell (answer).'],
      [4, 'Duplicate of line 2 of this file.'],
      [5, 'Held: it seems to contain an e-mail address. Take it out, or send the redacted row.'],
    ]);
  });

  it('takes a redacted row, and the person’s choice of columns', () => {
    const file = { name: 'x.csv', text: 'left,right\nc,mail me@corp.io\n' };
    const mapping = { prompt: 'left', completion: 'right' };
    const checked = checkDraft(draft({ mode: 'file', file, mapping, redactedLines: [2] }), fields, new Map());
    expect(checked?.rows[0]).toMatchObject({ data: { completion: 'mail [e-mail]' }, verdict: { kind: 'new' } });
    expect(verdicts({ mode: 'file', file })).toEqual([[2, expect.stringContaining('it has “left”, “right”. Choose')]]);
  });

  it('reads typed rows, and nothing from an empty draft', () => {
    const formRows = [{ prompt: 'p', completion: 'c' }];
    expect(verdicts({ formRows })).toEqual([[1, 'New: goes to the curators.']]);
    expect(verdicts({ mode: 'paste', paste: '  ' })).toBeUndefined();
    expect(() => verdicts({ mode: 'paste', paste: '[{"prompt":"p"}]' })).toThrow('is one JSON array');
  });

  it('refuses a file that cannot be read, with what to do', async () => {
    const broken = readDroppedFile('a.pdf', new TextEncoder().encode('%PDF-1.7'));
    await expect(broken).rejects.toThrow('“a.pdf” is a PDF that cannot be read');
  });
});

describe('parseDraft', () => {
  it('gives back what was stored and drops what is damaged', () => {
    const stored = draft({ paste: 'p', mode: 'paste' });
    expect(parseDraft(JSON.stringify(stored))).toEqual(stored);
    expect([parseDraft(null), parseDraft('{'), parseDraft('{"key":1}')]).toEqual([null, null, null]);
  });
});
