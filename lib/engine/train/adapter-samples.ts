import { renderChat, renderText, stopIds } from '../tokenizer/chat.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { createSampler } from './generate.ts';
import type { TrainingExample } from './prepare-examples.ts';

/** Answers the first held-out question with the adapter of the moment, or goes on with its text: greedily, to watch it learn. */
export async function createAdapterSamples(plan: AdapterPlan, evaluation: readonly TrainingExample[]) {
  const { config, tokenizer, weights } = plan.base;
  const { promptIds, prompt } = promptOf(plan, evaluation[0]);
  const sampler = await createSampler(config, plan.layout, plan.threads);
  const request = { promptIds, maxTokens: 40, temperature: 0, stopIds: stopIds(tokenizer), seed: '' };
  return {
    draw: async (theta: Float32Array): Promise<{ prompt: string; text: string }> => ({
      prompt,
      text: tokenizer.decode(await sampler.continue(weights, theta, request)),
    }),
    release: () => sampler.release(),
  };
}

/** Words of a plain text that are given before the model goes on by itself. */
const openingWords = 8;

function promptOf({ base: { tokenizer } }: AdapterPlan, example: TrainingExample | undefined) {
  if (example && 'text' in example) {
    const prompt = example.text.trim().split(/\s+/).slice(0, openingWords).join(' ');
    // Without the token that ends a text.
    return { prompt, promptIds: renderText(tokenizer, prompt).ids.slice(0, -1) };
  }
  const messages = example?.messages ?? [];
  const question = messages.slice(
    0,
    messages.findIndex(({ role }) => role === 'assistant'),
  );
  const { ids } = renderChat(tokenizer, question, { addGenerationPrompt: true });
  return { prompt: question.at(-1)?.content ?? '', promptIds: ids };
}
