import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';

/** Numbers in [0, 1), fast and seeded (mulberry32): a hash for each of 10^8 tokens would take longer than what is measured. */
function createFastRandom(seed: string): () => number {
  let state = 0;
  for (const character of seed) state = Math.imul(state ^ character.charCodeAt(0), 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const phraseCount = 50_000;

/**
 * Token ids as text has them: frequencies fall off as a power, and half of the text is phrases of 4 to 15 tokens out of
 * 50,000 that all seeds share, so that there is something to find.
 */
export function syntheticTokens(length: number, vocabulary: number, seed: string): Int32Array {
  const random = createFastRandom(seed);
  const rare = (): number => Math.floor(random() ** 3 * vocabulary);
  const tokens = new Int32Array(length);
  for (let at = 0; at < length; ) {
    if (random() < 0.9) tokens[at++] = rare();
    else {
      const phrase = createFastRandom(`phrase ${Math.floor(random() ** 2 * phraseCount)}`);
      const end = Math.min(length, at + 4 + Math.floor(phrase() * 12));
      while (at < end) tokens[at++] = Math.floor(phrase() ** 3 * vocabulary);
    }
  }
  return tokens;
}

/** Chats of 8 + 40 words; one in ten repeats an earlier one with two words changed, one in a hundred repeats it exactly. */
export function syntheticChats(count: number): TrainingExample[] {
  const wordsOf = (row: number): string[] => {
    const random = createFastRandom(`chat ${row}`);
    return Array.from({ length: 48 }, () =>
      Math.floor(random() ** 2 * 20_000)
        .toString(36)
        .padStart(4, 'w'),
    );
  };
  return Array.from({ length: count }, (_, row) => {
    const isCopy = row % 10 === 9;
    const words = wordsOf(isCopy ? row - 9 : row);
    if (isCopy && row % 100 !== 99) words.splice(20, 2, `x${row}`, `y${row}`);
    const messages = [
      { role: 'user' as const, content: words.slice(0, 8).join(' ') },
      { role: 'assistant' as const, content: words.slice(8).join(' ') },
    ];
    return { id: `ex_${String(row).padStart(24, '0')}`, messages };
  });
}
