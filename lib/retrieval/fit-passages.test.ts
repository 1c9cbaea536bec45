import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPassages } from './fit-passages.ts';

/** A tokenizer of its own: a token for each started `size` characters of a passage, and 3 for what stands around them. */
const fitInto = (texts: string[], max: number, size = 4) => {
  const calls: number[] = [];
  const render = async (passages: string[]) => {
    const tokens = 10 + 3 + passages.reduce((sum, { length }) => sum + Math.ceil(length / size), 0);
    calls.push(tokens);
    return { promptIds: new Array<number>(tokens).fill(1) };
  };
  return fitPassages(texts, render, { without: 10, max }).then((fitted) => ({ fitted, calls }));
};
const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i}`).join(' ');

describe('fitPassages', () => {
  it('leaves what fits as it is, with one look', async () => {
    const { fitted, calls } = await fitInto([words(5), words(9)], 200);
    expect(fitted?.passages).toEqual([words(5), words(9)]);
    expect(calls).toHaveLength(1);
  });

  it('cuts the longest first, and does not touch a short one', async () => {
    const { fitted } = await fitInto([words(200), words(12), words(200)], 200);
    const [first, second, third] = fitted!.passages;
    expect(second).toBe(words(12));
    expect(Math.abs(first!.length - third!.length)).toBeLessThan(10);
    expect(words(200).startsWith(`${first} `)).toBe(true);
    expect(fitted!.prompt.promptIds.length).toBeGreaterThan(170); // the room is used
  });

  it('gives not one token too many', async () => {
    const { calls } = await fitInto([words(30)], 1000);
    expect((await fitInto([words(30)], calls[0]!)).fitted?.passages).toEqual([words(30)]);
    const { fitted } = await fitInto([words(30)], calls[0]! - 1);
    expect(fitted!.prompt.promptIds.length).toBeLessThan(calls[0]!);
  });

  it('leaves out the last ones when all together would be cut to nothing much', async () => {
    const { fitted } = await fitInto([words(30), words(30), words(30), words(30)], 50);
    expect(fitted!.passages).toHaveLength(2);
    expect((await fitInto([words(30)], 20)).fitted).toBeNull();
    expect((await fitInto([], 100)).fitted).toBeNull();
    expect((await fitInto([words(30)], 5)).fitted).toBeNull();
  });

  it('never gives more than fits, begins as the text does, and looks at most six times, whatever a token is', async () => {
    const text = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 4 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 8 }),
        async (texts, max, size) => {
          const passages = texts.map((parts) => parts.join(' '));
          const { fitted, calls } = await fitInto(passages, max, size);
          expect(calls.length).toBeLessThanOrEqual(6);
          for (const [i, passage] of (fitted?.passages ?? []).entries()) {
            expect(passages[i]!.startsWith(passage)).toBe(true);
          }
          expect(fitted?.prompt.promptIds.length ?? 0).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 50 },
    );
  });
});
