import { describe, expect, it } from 'vitest';
import { PreTokenCounter, trainBpe } from './train-bpe.ts';

/** The definition, written the slow way: recount every pair before every merge. */
function referenceMerges(counts: ReadonlyMap<string, number>, merges: number): string[] {
  const words = [...counts].map(([word, count]) => ({ parts: [...word].map((c) => c.replace(' ', 'Ġ')), count }));
  const done: string[] = [];
  const rank = new Map<string, number>();
  const idOf = (token: string): number =>
    token.length === 1 ? (token === 'Ġ' ? 32 : token.charCodeAt(0)) : 1000 + rank.get(token)!;
  for (let round = 0; round < merges; round++) {
    const pairs = new Map<string, number>();
    for (const { parts, count } of words) {
      for (let i = 1; i < parts.length; i++) {
        const key = `${parts[i - 1]} ${parts[i]}`;
        pairs.set(key, (pairs.get(key) ?? 0) + count);
      }
    }
    const order = (key: string): [number, number] => key.split(' ').map(idOf) as [number, number];
    const best = [...pairs].sort(
      ([a, m], [b, n]) => n - m || order(a)[0] - order(b)[0] || order(a)[1] - order(b)[1],
    )[0]![0];
    const [left, right] = best.split(' ') as [string, string];
    rank.set(left + right, round);
    for (const word of words) {
      for (let i = 1; i < word.parts.length; i++) {
        if (word.parts[i - 1] === left && word.parts[i] === right) word.parts.splice(i - 1, 2, left + right);
      }
    }
    done.push(best);
  }
  return done;
}

describe('trainBpe', () => {
  const counter = new PreTokenCounter();
  counter.add('low lower lowest newer newest wide wider widest slow slower');
  counter.add('banana bandana ananas aaaa aaaaaa banana');

  it('merges what the definition merges', () => {
    const { merges } = trainBpe(counter.counts, { vocabularySize: 256 + 30, specialTokens: [] });
    expect(merges.map((pair) => pair.join(' '))).toEqual(referenceMerges(counter.counts, 30));
  });

  it('does not depend on the order of the text', () => {
    const reversed = new Map([...counter.counts].reverse());
    const options = { vocabularySize: 300, specialTokens: ['<s>'] };
    expect(trainBpe(reversed, options)).toEqual(trainBpe(counter.counts, options));
  });

  it('splits numbers into digits', () => {
    const numbers = new PreTokenCounter();
    numbers.add('in 2024, 17');
    expect([...numbers.counts.keys()]).toEqual(
      ['in', ' 2', '0', '2', '4', ',', ' 1', '7'].filter((x, i, a) => a.indexOf(x) === i),
    );
  });

  it('refuses a vocabulary without room for the bytes', () => {
    expect(() => trainBpe(new Map(), { vocabularySize: 200, specialTokens: [] })).toThrow(/at least 256/);
  });
});
