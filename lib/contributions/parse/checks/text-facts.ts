import { skeletonOf } from '#lib/kernel/near-copies/skeleton.ts';

/** What the checks look at, computed once a row. */
export type TextFacts = {
  /** Field texts in the Datanet's order; the question first, the answer last. */
  texts: readonly string[];
  /** All of them, one line each. */
  all: string;
  /** Words as they stand, without marks around them. */
  words: readonly string[];
  /** The same as the eye skims them. */
  skeletons: readonly string[];
};

export function textFacts(texts: readonly string[]): TextFacts {
  const all = texts.join('\n');
  return { texts, all, words: all.match(/[\p{L}\p{M}\p{N}'’_-]+/gu) ?? [], skeletons: texts.map(skeletonOf) };
}
