import { stopIds } from '../../tokenizer/chat.ts';
import type { AdapterPlan } from '../../train/adapter-plan.ts';
import { createSampler } from '../../train/generate.ts';
import { AttributionStoppedError } from '../errors.ts';
import type { Prompt } from './choose-prompts.ts';

/** Tokens of an answer, or of its beginning. */
const answerTokens = 24;

/** The adapter's own greedy answers. A prompt to which it says nothing is left out. @throws AttributionStoppedError */
export async function generateAnswers<P extends Pick<Prompt, 'promptIds'>>(
  { base, layout, threads }: Pick<AdapterPlan, 'base' | 'layout' | 'threads'>,
  theta: Float32Array,
  prompts: readonly P[],
  isStopped: () => boolean,
): Promise<(P & { completionIds: number[] })[]> {
  const sampler = await createSampler(base.config, layout, threads);
  const fixed = { maxTokens: answerTokens, temperature: 0, stopIds: stopIds(base.tokenizer), seed: '' };
  const answers: (P & { completionIds: number[] })[] = [];
  try {
    for (const prompt of prompts) {
      if (isStopped()) throw new AttributionStoppedError('The certification was stopped.');
      const request = { promptIds: prompt.promptIds, ...fixed };
      const completionIds = await sampler.continue(base.weights, theta, request);
      if (completionIds.length > 0) answers.push({ ...prompt, completionIds });
    }
  } finally {
    await sampler.release();
  }
  return answers;
}
