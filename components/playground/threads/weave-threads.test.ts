import { describe, expect, it } from 'vitest';
import { rowsOfThreads, weaveThreads } from './weave-threads.ts';

const span = (startChar: number, endChar: number, millibits: number, ...exampleIds: string[]) => ({
  ...{ startChar, endChar, millibits, exampleIds, occurrences: exampleIds.length },
});

const text = 'x'.repeat(100);

describe('weaveThreads', () => {
  it('numbers stretches in the order of reading, however rare they are', () => {
    const threads = weaveThreads([span(50, 60, 90, 'b'), span(0, 20, 70, 'a')], text);
    expect(threads.map(({ number, start, end }) => [number, start, end])).toEqual([
      [1, 0, 20],
      [2, 50, 60],
    ]);
  });

  it('makes one stretch of overlapping matches, in which each row keeps its own words', () => {
    const [thread, ...more] = weaveThreads([span(10, 30, 90, 'b', 'c'), span(0, 15, 70, 'a', 'c')], text);
    expect(more).toEqual([]);
    expect(thread).toEqual({
      ...{ number: 1, start: 0, end: 30, millibits: 90 },
      sources: [
        { exampleId: 'b', quote: { start: 10, end: 30 } },
        { exampleId: 'c', quote: { start: 10, end: 30 } },
        { exampleId: 'a', quote: { start: 0, end: 15 } },
      ],
    });
  });

  it('keeps stretches that only touch apart, and cuts what lies beyond the text', () => {
    const threads = weaveThreads([span(0, 10, 9, 'a'), span(10, 20, 8, 'a'), span(30, 40, 7, 'a')], text.slice(0, 15));
    expect(threads.map(({ start, end }) => [start, end])).toEqual([
      [0, 10],
      [10, 15],
    ]);
  });

  it('quotes no space around words', () => {
    const [thread] = weaveThreads([span(3, 13, 9, 'a')], 'one two three four');
    expect([thread!.start, thread!.end]).toEqual([4, 13]);
  });

  it('lists rows by their rarest stretch, with the numbers of all', () => {
    const threads = weaveThreads([span(50, 60, 90, 'b', 'a'), span(0, 20, 70, 'a', 'c')], text);
    expect([...rowsOfThreads(threads)]).toEqual([
      ['b', [2]],
      ['a', [1, 2]],
      ['c', [1]],
    ]);
  });
});
