import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from './json-fault.ts';
import { applyMapping, guessMapping } from './map-columns.ts';
import { parseFile, parsePaste } from './parse-file.ts';

const parse = (name: string, text: string) => parseFile(name, new TextEncoder().encode(text));
const refusal = (name: string, bytes: Uint8Array | string) => {
  try {
    parseFile(name, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('CSV', () => {
  it('detects the delimiter, keeps quoted newlines, and counts lines as an editor does', () => {
    const file = parse('a.csv', '\ufeffquestion;answer\r\n"a\r\nb";"x;y"\r\n\r\nc;z\r\n');
    expect(file).toEqual({
      format: 'csv',
      columns: ['question', 'answer'],
      rows: [
        { line: 2, values: { question: 'a\r\nb', answer: 'x;y' } },
        { line: 5, values: { question: 'c', answer: 'z' } },
      ],
      faults: [],
    });
  });

  it('names ragged rows by line and lets the others go on', () => {
    const file = parse('a.csv', 'prompt,completion\na,b\nc\nd,e,f\ng,h\n');
    expect(file.rows.map((row) => row.line)).toEqual([2, 5]);
    expect(file.faults).toEqual([
      { line: 3, fix: 'The row has 1 cell and the header 2. Add the missing cell (completion).' },
      {
        line: 4,
        fix: 'The row has 3 cells and the header 2: what stands in column 3 and after has no name. Put text that contains the delimiter in "double quotes".',
      },
    ]);
  });

  it('names the row whose quote is never closed', () => {
    const file = parse('a.csv', 'prompt,completion\na,b\n"c,d\ne,f\n');
    expect(file.rows).toHaveLength(1);
    expect(file.faults).toEqual([{ line: 3, fix: expect.stringContaining('never closed') }]);
  });

  it('keeps columns with the same or no name apart', () => {
    const { columns, rows, faults } = parse('a.csv', 'x,,x\n1,2,3\n');
    expect(columns).toEqual(['x', 'column 2', 'x (2)']);
    expect(rows).toHaveLength(1);
    expect(faults).toEqual([{ line: 1, fix: expect.stringMatching(/^Column 3 has the same name as column 1, “x”/) }]);
    expect(refusal('a.csv', 'x,x\n')).toContain('no rows below it');
  });
});

describe('JSON Lines', () => {
  it('names a broken line with line and column and reads the rest', () => {
    const file = parse(
      'a.jsonl',
      '{"prompt":"a","completion":"b"}\n\n{"prompt":"c" "completion":"d"}\n[1]\n{"prompt":"e","n":2}',
    );
    expect(file.rows).toEqual([
      { line: 1, values: { prompt: 'a', completion: 'b' } },
      { line: 5, values: { prompt: 'e', n: '2' } },
    ]);
    expect(file.faults).toEqual([
      { line: 3, fix: 'Broken JSON at column 15: expected a comma or }, found "\\"".' },
      { line: 4, fix: 'The line is not an object. Write it as {"prompt": "…", "completion": "…"}.' },
    ]);
    expect(file.columns).toEqual(['prompt', 'completion', 'n']);
  });

  it('reads the chat form', () => {
    const messages = [
      { role: 'system', content: 's' },
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'r' },
    ];
    expect(parse('a.jsonl', JSON.stringify({ messages })).rows[0]!.values).toEqual({ prompt: 'q', completion: 'r' });
  });

  it('finds a fault exactly where JSON.parse refuses', () => {
    const accepts = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '}', ',', '\\', 'x', '\u0001', '0'),
        (json, at, noise) => {
          const text = json.slice(0, at % (json.length + 1)) + noise + json.slice((at + 1) % (json.length + 1));
          expect(findJsonFault(text) === null).toBe(accepts(text));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('plain text', () => {
  it('reads blocks and tab-separated lines, and names a question without an answer', () => {
    expect(parsePaste('Q: What?\nA: That.\nMore.\n\nAlone\n').rows).toEqual([
      { line: 1, values: { prompt: 'What?', completion: 'That.\nMore.' } },
    ]);
    expect(parsePaste('Alone\n\nQ\nA').faults).toEqual([{ line: 1, fix: expect.stringContaining('no answer') }]);
    expect(parsePaste('q\ta\nr\tb').rows.map((row) => row.values)).toEqual([
      { prompt: 'q', completion: 'a' },
      { prompt: 'r', completion: 'b' },
    ]);
    expect(parsePaste('{"prompt":"a","completion":"b"}').format).toBe('jsonl');
    expect(parsePaste('prompt,completion\na,b').format).toBe('csv');
  });
});

describe('files that are refused, with what to do', () => {
  it.each([
    ['empty', 'a.csv', '', '“a.csv” has 0 rows.'],
    ['header only', 'a.csv', 'prompt,completion\n', '“a.csv” has a header in line 1 and no rows below it.'],
    ['blank lines', 'a.jsonl', '\n \n', '“a.jsonl” has 0 rows.'],
    ['Excel', 'a.csv', 'PK\u0003\u0004rest', '“a.csv” is a ZIP archive or an Office document'],
    ['binary', 'a.txt', 'ab\u0000cd', '“a.txt” is not text.'],
    ['unknown ending', 'a.exe', 'hello', '“a.exe” ends in .exe, which we do not read.'],
    ['JSON array', 'a.json', '[{"prompt":"a"}]', '“a.json” is one JSON array'],
    [
      '10,001 rows',
      'a.csv',
      `p,c\n${'a,b\n'.repeat(10_001)}`,
      'has 10001 rows and one contribution holds at most 10000. Split it before line 10002',
    ],
  ])('%s', (_what, name, text, message) => {
    expect(refusal(name, text)).toContain(message);
  });

  it('names the place of a byte in a header that is not UTF-8, and a file that is too large', () => {
    expect(refusal('a.csv', new Uint8Array([0x61, 0x2c, 0xe4, 10, 0x62, 10]))).toContain('not UTF-8 (line 1, column 3');
    expect(refusal('a.csv', new Uint8Array(10 * 1024 * 1024 + 1).fill(0x61))).toContain('a file holds at most 10.0 MB');
  });
});

describe('column mapping', () => {
  const fields = [
    { name: 'prompt', label: 'Question about a clause', maxChars: 200 },
    { name: 'completion', label: 'Answer', maxChars: 420 },
  ];
  it.each([
    [['Completion', 'PROMPT'], { prompt: 'PROMPT', completion: 'Completion' }],
    [['input', 'output'], { prompt: 'input', completion: 'output' }],
    [['id', 'Instruction', 'response'], { prompt: 'Instruction', completion: 'response' }],
    [['left', 'right'], { prompt: null, completion: null }],
  ])('guesses %j', (columns, mapping) => {
    expect(guessMapping(fields, columns)).toEqual(mapping);
  });

  it('turns the example upload into rows of the Datanet', () => {
    const name = 'example-upload.csv';
    const file = parseFile(name, readFileSync(new URL(`../../../db/samples/${name}`, import.meta.url)));
    const rows = applyMapping(file, guessMapping(fields, file.columns));
    expect(rows).toHaveLength(file.rows.length);
    expect(rows[0]).toEqual({
      line: 2,
      data: { prompt: expect.stringMatching(/rootkit/), completion: expect.any(String) },
    });
  });
});
