import type { PreparedExample } from '../../train/prepare-examples.ts';
import { createPermutation } from '../../train/random.ts';

/** What the model is asked: the tokens of a row before its answer. */
export type Prompt = { rowId: string; isTrained: boolean; promptIds: number[] };

/** Words of its own that a row gives away where its question is another row's, too, or where it has none. */
const openingTokens = 8;

/**
 * At most `count` different prompts, half of them of rows that were held out: questions that the adapter has never seen are
 * what callers ask. The seed chooses.
 */
export function choosePrompts(
  { train, heldOut, seed }: { train: readonly PreparedExample[]; heldOut: readonly PreparedExample[]; seed: string },
  count: number,
): Prompt[] {
  const seen = new Set<string>();
  const unseen = take(heldOut, false, `${seed}|held-out`, Math.ceil(count / 2), seen);
  return [...unseen, ...take(train, true, `${seed}|trained`, count - unseen.length, seen)];
}

function take(
  examples: readonly PreparedExample[],
  isTrained: boolean,
  seed: string,
  count: number,
  seen: Set<string>,
): Prompt[] {
  const prompts: Prompt[] = [];
  for (const at of createPermutation(examples.length, seed)) {
    if (prompts.length === count) break;
    const { id, ids, mask } = examples[at]!;
    const question = Math.max(1, mask.indexOf(1) + 1);
    const lengths = [question, question + openingTokens].filter((length) => length < ids.length);
    const promptIds = lengths.map((length) => [...ids.subarray(0, length)]).find((own) => !seen.has(own.join()));
    if (!promptIds) continue;
    seen.add(promptIds.join());
    prompts.push({ rowId: id, isTrained, promptIds });
  }
  return prompts;
}
