import { describe, expect, it } from 'vitest';
import { findMatches } from './find-matches.ts';

describe('findMatches', () => {
  const answer = 'Isolate the host first, then reset the account and search the logs.';
  it('marks the longest verbatim run of words, whatever the case', () => {
    const spans = findMatches(answer, [{ exampleId: 'ex_1', text: 'Always RESET the account and search for rules.' }]);
    expect(spans.map((span) => answer.slice(span.start, span.end))).toEqual(['reset the account and search']);
  });
  it('gives a stretch to the row that matches more of it', () => {
    const spans = findMatches(answer, [
      { exampleId: 'short', text: 'reset the account and' },
      { exampleId: 'long', text: 'then reset the account and search' },
    ]);
    expect(spans.map((span) => span.exampleId)).toEqual(['long']);
  });
  it('does not call three common words a match', () => {
    expect(findMatches(answer, [{ exampleId: 'ex_1', text: 'isolate the host' }])).toEqual([]);
  });
});
