import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import { createRandom } from '#lib/engine/train/random.ts';

const words = (
  'a account after all an and answer as at be block by can contract data each every fee first for from given has hash if ' +
  'in index is it its key may method must new no not of on one only or order other over proof row rule same share so ' +
  'state such than that the then there this to token under value when which who with word'
).split(' ');

/** Conversations of seeded words, of 40 to 120 each: made for their length, not for their sense. */
export function syntheticExamples(count: number): TrainingExample[] {
  const random = createRandom('attribution-scale rows');
  const sentence = (length: number): string =>
    Array.from({ length }, () => words[Math.floor(random() * words.length)]!).join(' ');
  return Array.from({ length: count }, (_, i) => ({
    id: syntheticId(i),
    messages: [
      { role: 'user', content: `${sentence(10)}?` },
      { role: 'assistant', content: `${sentence(30 + Math.floor(random() * 80))}.` },
    ],
  }));
}

/** As long as the ids of the product's rows. */
export function syntheticId(row: number): string {
  return `ex_${String(row).padStart(24, '0')}`;
}
