import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';

/**
 * Greedy answers of the serving engine, all prompts in the queue at once, so that they share decoding steps; an answer
 * ends with the model's end token, which is part of it.
 */
export async function servedGreedy(
  options: { modelDir: string; adapterDir: string | null; threads: number; maxTokens: number },
  promptIds: readonly (readonly number[])[],
): Promise<number[][]> {
  const { modelDir, adapterDir, threads, maxTokens } = options;
  const engine = await GenerationEngine.open({ modelDir, threads, maxSlots: 8 });
  const adapter = adapterDir === null ? {} : { adapter: { id: 'parity', dir: adapterDir } };
  const answer = async (ids: readonly number[], caller: string): Promise<number[]> => {
    const request = { ...adapter, messages: [], promptIds: ids, maxTokens, temperature: 0, topP: 1, caller };
    for await (const event of engine.generate(request)) if (event.type === 'done') return event.completionIds;
    throw new Error('The engine ended an answer without saying so.');
  };
  try {
    return await Promise.all(promptIds.map((ids, i) => answer(ids, `caller ${i}`)));
  } finally {
    await engine.close();
  }
}
