import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../parse/parse-csv.ts';
import { EndlessRecordError, splitRecords } from './split-records.ts';

const encoder = new TextEncoder();
const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '雪', ' ', 'z'), maxLength: 8 }),
  fc
    .string({ unit: fc.constantFrom('a', '"', '\n', ',', '雪'), maxLength: 8 })
    .map((text) => `"${text.replaceAll('"', '""')}"`),
);

/** The same bytes in pieces of the given lengths. */
async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) {
    yield bytes.subarray(at, at + length);
    at += length;
  }
  yield bytes.subarray(at);
}

async function split(bytes: Uint8Array, lengths: readonly number[], blockBytes: number, quoted = true) {
  return Array.fromAsync(splitRecords(inPieces(bytes, lengths), { quoted, blockBytes }));
}

describe('splitRecords', () => {
  it('cuts no record, whatever the pieces: blocks read one by one are the file read whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 60 }),
        async (records, lengths, blockBytes) => {
          const text = records.map((cells) => `${cells.join(',')}\n`).join('');
          const blocks = await split(encoder.encode(text), lengths, blockBytes);
          const texts = blocks.map(({ bytes }) => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
          expect(texts.join('')).toBe(text);
          expect(blocks.map(({ lines }) => lines)).toEqual(texts.map((part) => part.split('\n').length - 1));
          const header = 'prompt,completion\n';
          const whole = parseCsv(header + text).rows.map(({ values }) => values);
          expect(texts.flatMap((part) => parseCsv(header + part).rows.map(({ values }) => values))).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives the last record without a line end, and lines of text with quotes as they are', async () => {
    const blocks = await split(encoder.encode('{"a":"\\""}\n{"b":1}'), [3], 1, false);
    expect(blocks.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual(['{"a":"\\""}\n', '{"b":1}']);
  });

  it('passes over a line of text that no row can be, wherever the pieces end, and goes on after it', async () => {
    const [before, long, after] = ['{"a":1}\n{"b":2}\n', `{"c":"${'x'.repeat(2_200_000)}"}\n`, '{"d":4}\n'];
    const bytes = encoder.encode(before + long + after);
    for (const lengths of [[], [17, 2_150_000], [before.length + long.length - 1, 1]]) {
      const blocks = await split(bytes, lengths, 100, false);
      const skipped = blocks.filter(({ skippedBytes }) => skippedBytes);
      const isWhole = skipped.length === 0; // it came in one piece and is the parser's to refuse
      const text = blocks.map((block) => new TextDecoder().decode(block.bytes)).join('');
      expect(text).toBe(isWhole ? before + long + after : before + after);
      expect(skipped).toEqual(isWhole ? [] : [{ bytes: new Uint8Array(0), lines: 1, skippedBytes: long.length }]);
      expect(blocks.reduce((sum, { lines }) => sum + lines, 0)).toBe(4);
      expect(isWhole).toBe(lengths.length === 0);
    }
    const cut = await split(encoder.encode(before + long.slice(0, -3)), [17, 2_150_000], 100, false);
    expect(cut.at(-1)).toEqual({ bytes: new Uint8Array(0), lines: 0, skippedBytes: long.length - 3 });
  });

  it('says where a quote is opened that nobody closes, also in a file that goes on for long', async () => {
    await expect(split(encoder.encode('a,b\nc,"d\ne,f\n'), [], 1)).rejects.toEqual(new EndlessRecordError(2));
    const long = encoder.encode(`a,b\nc,"${'d\n'.repeat(1_500_000)}`);
    await expect(split(long, [], 1)).rejects.toThrow(EndlessRecordError);
  });
});
