import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { renderChat } from '../../tokenizer/chat.ts';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { runAdapterTraining } from '../../train/adapter-run.ts';
import type { ChatExample } from '../../train/prepare-examples.ts';
import { recipePresets } from '../../train/recipe.ts';
import { AttributionEngine } from '../attribution-engine.ts';

const facts = {
  cat: 'the mat',
  dog: 'a red house',
  house: 'blue',
  river: 'an old man',
  north: 'a dog',
  man: 'the river',
};

/** Six facts as questions and answers, in words that the tiny model has. */
export const examples: ChatExample[] = Object.entries(facts).map(([subject, fact]) => ({
  id: `ex_${subject}`,
  messages: [
    { role: 'user', content: `what is the ${subject}?` },
    { role: 'assistant', content: `it is ${fact}.` },
  ],
}));
const evaluation = [{ ...examples[3]!, id: 'ev' }];

/** Learns them by heart in a second. */
export const recipe = {
  ...recipePresets.balanced,
  lora: { ...recipePresets.balanced.lora, r: 4, loraAlpha: 8 },
  learningRate: 5e-3,
  epochs: 120,
  evalEverySteps: 0,
  checkpointEverySteps: 0,
};

/** Trains an adapter on rows; returns its folder, `name` in `root`. */
export async function trainOn(
  rows: ChatExample[],
  place: { root: string; modelDir: string; name: string },
): Promise<string> {
  const outDir = join(place.root, place.name);
  const input = {
    modelDir: place.modelDir,
    outDir,
    train: rows,
    evaluation,
    recipe,
    datasetRoot: '0xroot',
    threads: 1,
  };
  for await (const _event of runAdapterTraining(input, () => false));
  return outDir;
}

/** A fact's question as a prompt, and its answer as what was completed, in tokens. */
export function questionOf(tokenizer: Tokenizer, at: number): { promptIds: number[]; completionIds: number[] } {
  const [ask, answer] = examples[at]!.messages;
  return {
    promptIds: renderChat(tokenizer, [ask!], { addGenerationPrompt: true }).ids,
    completionIds: [...tokenizer.encode(answer!.content), tokenizer.idOf('<|end|>')!],
  };
}

/** A tiny model, the adapter that learnt the facts, and its index. The caller closes the engine and removes `root`. */
export async function openFactRun() {
  const root = await mkdtemp(join(tmpdir(), 'facts-'));
  const modelDir = await createTinyModel(join(root, 'model'));
  const tokenizer = await Tokenizer.load(modelDir);
  const engine = AttributionEngine.open();
  const adapterDir = await trainOn(examples, { root, modelDir, name: 'adapter' });
  const indexFile = join(root, 'adapter.index');
  await engine.buildIndex({ modelDir, adapterDir, examples, outFile: indexFile });
  return { root, modelDir, tokenizer, engine, adapterDir, indexFile };
}
