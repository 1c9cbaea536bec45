import type { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import type { AdapterRef } from '#lib/engine/serving/types.ts';
import { loadPeerModel, type PeerSequence } from '../parity/llama-cpp.ts';

/** A short prompt, other tokens for each sequence; ids that every vocabulary of the benchmark has. */
export function promptOf(sequence: number): number[] {
  return Array.from({ length: 8 }, (_, i) => 300 + ((sequence * 131 + i * 17) % 3_000));
}

/**
 * Greedy answers of up to `tokens` tokens through the engine, all at once; the tokens that came. Random weights say the
 * end token now and then.
 */
export async function answerWithEngine(
  engine: GenerationEngine,
  adapters: readonly (AdapterRef | undefined)[],
  tokens: number,
): Promise<number> {
  const counts = await Promise.all(
    adapters.map(async (adapter, i) => {
      const sampling = { temperature: 0, topP: 1 };
      const request = { messages: [], promptIds: promptOf(i), maxTokens: tokens, ...sampling };
      let count = 0;
      for await (const event of engine.generate({ ...request, ...(adapter && { adapter }) })) {
        if (event.type === 'token') count++;
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** node-llama-cpp with one context an adapter, as it wants it; `answer` decodes on them one after the other. */
export type PeerStreams = {
  answer: (contexts: readonly number[], tokens: number) => Promise<number>;
  close: () => Promise<void>;
};

/** Context 0 has no adapter, context i the adapter i - 1. */
export async function openPeerStreams(
  modelPath: string,
  adapterPaths: readonly string[],
  threads: number,
): Promise<PeerStreams> {
  const model = await loadPeerModel(modelPath, threads);
  const sequences: PeerSequence[] = [];
  const contexts: { dispose: () => Promise<void> }[] = [];
  for (const path of [null, ...adapterPaths]) {
    const lora = path === null ? {} : { lora: { adapters: [{ filePath: path, scale: 1 }] } };
    const context = await model.createContext({ contextSize: 256, batchSize: 64, threads, ...lora });
    contexts.push(context);
    sequences.push(context.getSequence());
  }
  return {
    async answer(numbers, tokens) {
      let count = 0;
      for (const number of numbers) count += await generate(sequences[number]!, promptOf(number), tokens);
      return count;
    },
    async close() {
      for (const context of contexts) await context.dispose();
      await model.dispose();
    },
  };
}

/** Sixteen sequences of one context share every step, as long as they share the adapter too. */
export async function openPeerBatch(modelPath: string, adapterPath: string, threads: number): Promise<PeerStreams> {
  const model = await loadPeerModel(modelPath, threads);
  const lora = { adapters: [{ filePath: adapterPath, scale: 1 }] };
  const context = await model.createContext({ contextSize: 256, batchSize: 512, threads, sequences: 16, lora });
  const sequences = Array.from({ length: 16 }, () => context.getSequence());
  return {
    async answer(numbers, tokens) {
      const counts = await Promise.all(numbers.map((number) => generate(sequences[number]!, promptOf(number), tokens)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    async close() {
      await context.dispose();
      await model.dispose();
    },
  };
}

async function generate(sequence: PeerSequence, prompt: readonly number[], tokens: number): Promise<number> {
  await sequence.clearHistory();
  let count = 0;
  for await (const _ of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true }))
    if (++count === tokens) break;
  return count;
}
