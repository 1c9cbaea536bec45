import { type ChatMessage, renderChat, stopIds } from '#lib/engine/tokenizer/chat.ts';
import { createSampler } from '#lib/engine/train/generate.ts';
import type { PreparedExample } from '#lib/engine/train/prepare-examples.ts';
import type { TruthTrainer } from './retrain.ts';

export type Question = { id: string; messages: ChatMessage[] } | { id: string; promptIds: number[] };

/** A model's own answer, ready to be scored; `text` is what it says. */
export type Answer = {
  id: string;
  promptIds: number[];
  completionIds: number[];
  text: string;
  example: PreparedExample;
};

/** Greedy answers of the model with adapter `theta`, the token that ends them included. Answers without a word are left out. */
export async function greedyAnswers(
  { base, layout }: Pick<TruthTrainer, 'base' | 'layout'>,
  theta: Float32Array,
  questions: readonly Question[],
  maxTokens: number,
): Promise<Answer[]> {
  const sampler = await createSampler(base.config, layout, 1);
  const stops = stopIds(base.tokenizer);
  const answers: Answer[] = [];
  for (const question of questions) {
    const promptIds =
      'promptIds' in question
        ? question.promptIds
        : renderChat(base.tokenizer, question.messages, { addGenerationPrompt: true }).ids;
    const request = { promptIds, maxTokens, temperature: 0, stopIds: stops, seed: '' };
    const said = await sampler.continue(base.weights, theta, request);
    if (said.length === 0) continue;
    const completionIds = said.length < maxTokens ? [...said, stops[0]!] : said;
    const example = answerExample(question.id, promptIds, completionIds);
    answers.push({ id: question.id, promptIds, completionIds, text: base.tokenizer.decode(said), example });
  }
  await sampler.release();
  return answers;
}

/** The answer as an example whose loss is on the completion alone. */
function answerExample(id: string, promptIds: readonly number[], completionIds: readonly number[]): PreparedExample {
  const all = [...promptIds, ...completionIds];
  return {
    id,
    ids: Int32Array.from(all.slice(0, -1)),
    labels: Int32Array.from(all.slice(1)),
    mask: Uint8Array.from(all.slice(1), (_, i) => (i >= promptIds.length - 1 ? 1 : 0)),
    lossTokens: completionIds.length,
  };
}
