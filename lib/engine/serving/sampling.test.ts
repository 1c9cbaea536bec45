import { describe, expect, it, test } from 'vitest';
import { createRandom } from '../train/random.ts';
import { mostProbable, type SamplingOptions, type SeenTokens, sampleToken } from './sampling.ts';
import { StopFilter } from './stop-filter.ts';

const logits = Float32Array.of(1, 3, 2, -1, 3);
const logSumExp = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
const prediction = { logits, logSumExp };
const probabilities = Array.from(logits, (x) => Math.exp(x - logSumExp));
const none: SeenTokens = { prompt: new Set(), answer: new Map() };
const greedy: SamplingOptions = {
  temperature: 0,
  topP: 1,
  topK: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
};
const never = (): number => {
  throw new Error('greedy sampling must not draw');
};

describe('sampleToken', () => {
  it('is greedy at temperature 0: the first of the largest, with its log probability', () => {
    const { id, logprob } = sampleToken(prediction, greedy, none, never);
    expect(id).toBe(1);
    expect(logprob).toBeCloseTo(Math.log(probabilities[1]!), 6);
  });

  it('draws with the frequencies of the softmax, of the k largest, and of the nucleus alone', () => {
    const random = createRandom('draws');
    const count = (options: Partial<SamplingOptions>): number[] => {
      const hits = new Array<number>(5).fill(0);
      for (let i = 0; i < 20_000; i++) {
        hits[sampleToken(prediction, { ...greedy, temperature: 1, ...options }, none, random).id]!++;
      }
      return hits.map((hit) => hit / 20_000);
    };
    // 20,000 draws: the standard error is at most 0.0036.
    for (const [id, share] of count({}).entries()) expect(share).toBeCloseTo(probabilities[id]!, 1.5);
    expect(count({ topP: 0.7 }).map((share) => share > 0)).toEqual([false, true, false, false, true]);
    expect(count({ topK: 3 }).map((share) => share > 0)).toEqual([false, true, true, false, true]);
    // Of the three, the first two have 0.84 of the mass; of all five they have 0.77.
    expect(count({ topK: 3, topP: 0.8 }).map((share) => share > 0)).toEqual([false, true, false, false, true]);
    expect(count({ topP: 0.8 }).map((share) => share > 0)).toEqual([false, true, true, false, true]);
    const [, hot] = count({ temperature: 2 });
    expect(hot).toBeLessThan(probabilities[1]!);
    expect(count({ topP: 1e-9 })).toEqual([0, 1, 0, 0, 0]);
  });

  it('cuts a large vocabulary as a full sort would', () => {
    const random = createRandom('wide');
    const wide = Float32Array.from({ length: 3_000 }, () => 8 * random());
    const sum = wide.reduce((total, x) => total + Math.exp(x), 0);
    const order = [...wide.keys()].sort((a, b) => wide[b]! - wide[a]! || a - b);
    let mass = 0;
    let count = 0;
    while (mass < 0.9) mass += Math.exp(wide[order[count++]!]!) / sum;
    // The last of the nucleus is drawn by the largest uniform number there is, the first by the smallest.
    const draw = (uniform: number, options: Partial<SamplingOptions>): number =>
      sampleToken(
        { logits: wide, logSumExp: Math.log(sum) },
        { ...greedy, temperature: 1, ...options },
        none,
        () => uniform,
      ).id;
    expect(draw(1 - 1e-12, { topP: 0.9 })).toBe(order[count - 1]);
    expect(draw(0, { topP: 0.9 })).toBe(order[0]);
    expect(draw(1 - 1e-12, { topK: 1_500 })).toBe(order[1_499]);
  });

  it('penalises what was said, and leaves the logits as they were', () => {
    const before = [...logits];
    const choose = (options: Partial<SamplingOptions>, seen: Partial<SeenTokens>): number =>
      sampleToken(prediction, { ...greedy, ...options }, { ...none, ...seen }, never).id;
    expect(choose({ repetitionPenalty: 1.1 }, { prompt: new Set([1]) })).toBe(4);
    expect(choose({ repetitionPenalty: 2 }, { prompt: new Set([1]), answer: new Map([[4, 1]]) })).toBe(2);
    // Negative logits are multiplied: 3 fall below -1 only if so.
    expect(choose({ repetitionPenalty: 10 }, { prompt: new Set([0, 1, 2, 3, 4]) })).toBe(1);
    expect(choose({ presencePenalty: 0.5 }, { prompt: new Set([1]) })).toBe(1);
    expect(choose({ presencePenalty: 0.5 }, { answer: new Map([[1, 3]]) })).toBe(4);
    expect(
      choose(
        { frequencyPenalty: 0.6 },
        {
          answer: new Map([
            [1, 1],
            [4, 2],
          ]),
        },
      ),
    ).toBe(1);
    expect(
      choose(
        { frequencyPenalty: 0.6 },
        {
          answer: new Map([
            [1, 2],
            [4, 3],
          ]),
        },
      ),
    ).toBe(2);
    expect([...logits]).toEqual(before);
  });
});

test('mostProbable gives the best first, ties by id', () => {
  expect(mostProbable(prediction, 3).map(({ id }) => id)).toEqual([1, 4, 2]);
  expect(mostProbable(prediction, 20)).toHaveLength(5);
  expect(mostProbable(prediction, 1)[0]!.logprob).toBeCloseTo(Math.log(probabilities[1]!), 6);
  expect(mostProbable(prediction, 0)).toEqual([]);
});

describe('StopFilter', () => {
  it('lets nothing of a stop string out, however the text is cut', () => {
    const text = 'one two</stop> three';
    for (let a = 0; a <= text.length; a++) {
      for (let b = a; b <= text.length; b++) {
        const filter = new StopFilter(['</stop>', 'zebra']);
        let out = '';
        for (const piece of [text.slice(0, a), text.slice(a, b), text.slice(b)]) {
          const { text: released, isStopped } = filter.push(piece);
          out += released;
          if (isStopped) break;
        }
        expect(out).toBe('one two');
      }
    }
  });

  it('gives back what only looked like a stop string', () => {
    const filter = new StopFilter(['abc']);
    expect(filter.push('xab')).toEqual({ text: 'x', isStopped: false });
    expect(filter.push('ab')).toEqual({ text: 'ab', isStopped: false });
    expect(filter.flush()).toBe('ab');
  });
});
