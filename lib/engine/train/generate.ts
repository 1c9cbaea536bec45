import type { AdapterLayout } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { timeBucket } from './batches.ts';
import { nextTokenGraph } from './graphs.ts';
import { createRandom } from './random.ts';

export type Weights = Readonly<Record<string, Float32Array>>;
export type Continuation = {
  promptIds: readonly number[];
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  stopIds: readonly number[];
  /** Decides the draws. */
  seed: string;
};

/**
 * Plain continuation for samples during training: recomputes the sequence for each token, so it needs no KV cache and
 * shares nothing with the serving path that it could be used to check.
 */
export async function createSampler(
  config: LlamaConfig,
  layout: AdapterLayout | null,
  threads: number,
): Promise<{
  continue: (weights: Weights, theta: Float32Array | null, request: Continuation) => Promise<number[]>;
  release: () => Promise<void>;
}> {
  const context = config.max_position_embeddings;
  const sessions = new SessionCache(4, { threads });
  return {
    release: () => sessions.release(),
    continue: async (weights, theta, { promptIds, maxTokens, temperature, stopIds, seed }) => {
      // As long as this text can become, and not the whole context: each token costs a pass over all of it.
      const time = timeBucket(Math.min(promptIds.length + maxTokens, context), context);
      const session = await sessions.get(String(time), () => nextTokenGraph(config, layout, time));
      const random = createRandom(seed);
      const ids = new Int32Array(time);
      ids.set(promptIds.slice(-time + 1));
      const start = Math.min(promptIds.length, time - 1);
      let length = start;
      while (length < time && length - start < maxTokens) {
        const feeds = { ...weights, ...(theta && { theta }), ids, position: Int32Array.of(length - 1) };
        const { logits } = await session.run<'logits'>(feeds);
        const next = draw(logits as Float32Array, temperature, random);
        if (stopIds.includes(next)) break;
        ids[length++] = next;
      }
      return [...ids.subarray(start, length)];
    },
  };
}

function draw(logits: Float32Array, temperature: number, random: () => number): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[best]!) best = i;
  if (temperature === 0) return best;
  const top = logits[best]!;
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
  let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return best;
}
