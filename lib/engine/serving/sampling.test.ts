import { describe, expect, it } from 'vitest';
import { createRandom } from '../train/random.ts';
import { sampleToken } from './sampling.ts';
import { StopFilter } from './stop-filter.ts';

const logits = Float32Array.of(1, 3, 2, -1, 3);
const probabilities = Array.from(logits, Math.exp).map((x, _, all) => x / all.reduce((a, b) => a + b, 0));
const never = (): number => {
  throw new Error('greedy sampling must not draw');
};

describe('sampleToken', () => {
  it('is greedy at temperature 0: the first of the largest, with its log probability', () => {
    const { id, logprob } = sampleToken(logits, { temperature: 0, topP: 1 }, never);
    expect(id).toBe(1);
    expect(logprob).toBeCloseTo(Math.log(probabilities[1]!), 6);
  });

  it('draws with the frequencies of the softmax, and of the nucleus alone', () => {
    const random = createRandom('draws');
    const count = (topP: number, temperature: number): number[] => {
      const hits = new Array<number>(5).fill(0);
      for (let i = 0; i < 20_000; i++) hits[sampleToken(logits, { temperature, topP }, random).id]!++;
      return hits.map((hit) => hit / 20_000);
    };
    // 20,000 draws: the standard error is at most 0.0036.
    for (const [id, share] of count(1, 1).entries()) expect(share).toBeCloseTo(probabilities[id]!, 1.5);
    expect(count(0.7, 1).map((share) => share > 0)).toEqual([false, true, false, false, true]);
    const [, hot] = count(1, 2);
    expect(hot).toBeLessThan(probabilities[1]!);
    expect(count(1e-9, 1)).toEqual([0, 1, 0, 0, 0]);
  });
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
