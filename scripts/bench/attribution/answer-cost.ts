import type { ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import type { Answer } from '#lib/engine/attribution/query-codes.ts';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { costOf, median } from '../measure.ts';

export type AnswerCost = {
  /** CPU seconds of one answer of 400 tokens that is served alone, and of one of eight that are served together. */
  alone: number;
  ofEight: number;
  answers: Answer[];
};

const answerTokens = 400;
const promptTokens = 100;

/** Serves seeded prompts of 100 tokens with the adapter; an answer that ends early is counted by its tokens. */
export async function answerCost({ modelDir, adapterDir }: ModelPlace, rounds: number): Promise<AnswerCost> {
  const engine = await GenerationEngine.open({ modelDir });
  const answers: Answer[] = [];
  const answer = async (seed: number): Promise<number> => {
    const promptIds = Array.from({ length: promptTokens }, (_, i) => 10 + ((i * 7919 + seed * 104_729) % 4000));
    const sampling = { maxTokens: answerTokens, temperature: 1, topP: 1, seed };
    const request = { adapter: { id: 'bench', dir: adapterDir }, messages: [], promptIds, ...sampling };
    for await (const event of engine.generate(request)) {
      if (event.type !== 'done') continue;
      if (event.completionIds.length === answerTokens) answers.push({ promptIds, completionIds: event.completionIds });
      return event.completionIds.length;
    }
    return 0;
  };
  const costs = async (together: number): Promise<number> => {
    const perAnswer: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      let tokens = 0;
      const { cpu } = await costOf(async () => {
        const seeds = Array.from({ length: together }, (_, i) => 1000 * together + 10 * round + i);
        tokens = (await Promise.all(seeds.map(answer))).reduce((sum, count) => sum + count, 0);
      });
      if (round > 0) perAnswer.push((cpu / tokens) * answerTokens);
    }
    return median(perAnswer);
  };
  const result = { alone: await costs(1), ofEight: await costs(8), answers };
  await engine.close();
  return result;
}
