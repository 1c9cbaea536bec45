import { renderChat, stopIds } from '../tokenizer/chat.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { createSampler } from './generate.ts';
import type { TrainingExample } from './prepare-examples.ts';

/** Answers the first held-out question with the adapter of the moment, greedily, to watch it learn. */
export async function createAdapterSamples(plan: AdapterPlan, evaluation: readonly TrainingExample[]) {
  const { config, tokenizer, weights } = plan.base;
  const messages = evaluation[0]?.messages ?? [];
  const question = messages.slice(
    0,
    messages.findIndex(({ role }) => role === 'assistant'),
  );
  const promptIds = renderChat(tokenizer, question, { addGenerationPrompt: true }).ids;
  const sampler = await createSampler(config, plan.layout, plan.threads);
  const request = { promptIds, maxTokens: 40, temperature: 0, stopIds: stopIds(tokenizer), seed: '' };
  return {
    draw: async (theta: Float32Array): Promise<{ prompt: string; text: string }> => ({
      prompt: question.at(-1)?.content ?? '',
      text: tokenizer.decode(await sampler.continue(weights, theta, request)),
    }),
    release: () => sampler.release(),
  };
}
