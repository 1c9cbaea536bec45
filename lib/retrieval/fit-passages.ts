import { cutPassage } from '#lib/kernel/prompt-with-rows.ts';

/** A passage that was cut to less says too little to be worth its tokens. */
const cutCharsMin = 60;
/** No vocabulary spends fewer tokens on common text; what is longer need not be counted to know that it does not fit. */
const charsPerTokenMax = 8;
const triesMax = 6;

/**
 * Shortens passages, the longest first, until a prompt with them fits; those that would be cut to nothing much are left out,
 * the last one first. Every passage that comes out begins as the text does.
 *
 * @param render the prompt with these passages; called at most six times, twice for passages that need one cut
 * @param tokens what the prompt has without any passage, and may have with them
 * @returns null when no passage fits
 */
export async function fitPassages<P extends { promptIds: number[] }>(
  texts: readonly string[],
  render: (passages: string[]) => Promise<P>,
  tokens: { without: number; max: number },
): Promise<{ passages: string[]; prompt: P } | null> {
  let passages = shorten(texts, charsPerTokenMax * Math.max(0, tokens.max - tokens.without));
  for (let tries = 0; tries < triesMax && passages.length > 0; tries++) {
    const prompt = await render(passages);
    const count = prompt.promptIds.length;
    if (count <= tokens.max) return { passages, prompt };
    const chars = passages.reduce((sum, { length }) => sum + length, 0);
    // A little less than in proportion, because the last words may be the dear ones.
    passages = shorten(passages, Math.floor((0.95 * chars * (tokens.max - tokens.without)) / (count - tokens.without)));
  }
  return null;
}

/** Passages of at most `chars` in all: the longest give way first, until all that are cut have the same length. */
function shorten(texts: readonly string[], chars: number): string[] {
  for (let count = texts.length; count > 0; count--) {
    const kept = texts.slice(0, count);
    const cut = evenCut(
      kept.map(({ length }) => length),
      chars,
    );
    if (cut >= cutCharsMin || kept.every(({ length }) => length <= cut))
      return kept.map((text) => cutPassage(text, cut));
  }
  return [];
}

/** The largest whole number that lengths can be cut to so that they sum to at most `sum`. */
function evenCut(lengths: readonly number[], sum: number): number {
  let left = sum;
  const sorted = [...lengths].sort((a, b) => a - b);
  for (const [i, length] of sorted.entries()) {
    const even = Math.floor(left / (sorted.length - i));
    if (length > even) return even;
    left -= length;
  }
  return sorted.at(-1) ?? 0;
}
