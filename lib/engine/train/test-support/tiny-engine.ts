import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { defaultLoraConfig, type LoraConfig } from '../../lora/config.ts';
import { adapterLayout } from '../../lora/layout.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import { loadBaseModel } from '../base-model.ts';
import { createStepEngine } from '../create-step-engine.ts';
import { type PreparedSet, prepareExamples, type TrainingExample } from '../prepare-examples.ts';
import { createNormal } from '../random.ts';

/** Short and longer questions with their answers, one of them a plain text. */
export const tinyExamples: TrainingExample[] = Array.from({ length: 9 }, (_, i) =>
  i === 4
    ? { id: 'text', text: 'the old man sat on the mat and the dog ran to the house.' }
    : {
        id: `ex_${i}`,
        messages: [
          { role: 'user', content: `what is ${i}?` },
          { role: 'assistant', content: `it is blue.${' the cat ran.'.repeat(i % 3)}` },
        ],
      },
);

/** The tiny model in `folder` behind an engine, with an adapter that changes every answer. */
export async function createTinyEngine(folder: string, lora: Partial<LoraConfig> = {}) {
  const base = await loadBaseModel(await createTinyModel(folder));
  const layout = adapterLayout(base.config, { ...defaultLoraConfig, r: 2, loraAlpha: 4, ...lora });
  const normal = createNormal('theta');
  const theta = Float32Array.from({ length: layout.length }, () => 0.1 * normal());
  const sessions = new SessionCache(12, { threads: 1 });
  const set: PreparedSet = prepareExamples(
    base.tokenizer,
    tinyExamples,
    { maxSeqLength: 96, lossOn: 'completion' },
    'test set',
  );
  return { base, layout, theta, sessions, set, engine: createStepEngine({ base, layout, sessions }) };
}
