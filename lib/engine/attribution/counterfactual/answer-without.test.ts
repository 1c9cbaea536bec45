import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { renderChat } from '../../tokenizer/chat.ts';
import { runAdapterTraining } from '../../train/adapter-run.ts';
import { loadBaseModel } from '../../train/base-model.ts';
import type { ChatExample } from '../../train/prepare-examples.ts';
import { type Recipe, recipePresets } from '../../train/recipe.ts';
import { answerWithout, type WithoutEvent, type WithoutInput } from './answer-without.ts';

const things = ['house', 'mat', 'river', 'dog', 'cat', 'man'];
const rows: ChatExample[] = things.flatMap((thing, i) =>
  ['is', 'was'].map((verb, k) => ({
    id: `row_${i}_${k}`,
    messages: [
      { role: 'user' as const, content: `what ${verb} ${thing}?` },
      { role: 'assistant' as const, content: `${thing} ${verb} ${i % 2 ? 'red' : 'north'}.` },
    ],
  })),
);
const recipe: Recipe = {
  ...recipePresets.quick,
  ...{ lora: { ...recipePresets.quick.lora, r: 2, loraAlpha: 4 }, learningRate: 0.005, epsRoot: 1e-6 },
  ...{ epochs: 4, maxSeqLength: 64 },
};
const taught = rows[4]!;
const other = rows[11]!;
const data = { train: rows.slice(2), heldOut: rows.slice(0, 2), datasetRoot: '0x1' };
let folder: string;
let place: Omit<WithoutInput, 'weights'>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'without-'));
  const modelDir = await createTinyModel(join(folder, 'model'));
  const adapterDir = join(folder, 'adapter');
  const training = { modelDir, recipe, train: data.train, evaluation: data.heldOut, datasetRoot: data.datasetRoot };
  for await (const _ of runAdapterTraining({ ...training, outDir: adapterDir, threads: 1 }, () => false));
  const { tokenizer } = await loadBaseModel(modelDir);
  const conversation = renderChat(tokenizer, taught.messages, {}).ids;
  const question = [taught.messages[0]!];
  const prompt = renderChat(tokenizer, question, { addGenerationPrompt: true }).ids;
  const completionIds = [...conversation].slice(prompt.length);
  place = { modelDir, adapterDir, asked: question, without: question, completionIds, maxTokens: 6 };
});
afterAll(() => rm(folder, { recursive: true }));

async function without(weights: WithoutInput['weights']) {
  let last: WithoutEvent | null = null;
  for await (const event of answerWithout({ ...place, weights }, () => false)) last = event;
  if (last?.type !== 'answered') throw new Error('no answer');
  return last;
}
const retrain = (...leftOut: string[]) => without({ retrain: { ...data, recipe, leftOut } });

describe('answerWithout', () => {
  it('trains the adapter itself again where nothing that was trained on is left out', async () => {
    const same = await retrain(data.heldOut[0]!.id);
    expect(same.rowsLeftOut).toBe(0);
    expect(same.after).toBe(same.before);
    expect(same.afterMicroNats).toBe(same.beforeMicroNats);
  });

  it('finds an answer less likely without the row that taught it, and least so by the base alone', async () => {
    const [own, unrelated, base] = [await retrain(taught.id), await retrain(other.id), await without('base')];
    const loss = ({ beforeMicroNats, afterMicroNats }: typeof own) => beforeMicroNats - afterMicroNats;
    expect(own.rowsLeftOut).toBe(1);
    expect(loss(own)).toBeGreaterThan(0);
    expect(loss(own)).toBeGreaterThan(2 * Math.abs(loss(unrelated)));
    expect(loss(base)).toBeGreaterThan(loss(own));
    expect(base.beforeMicroNats).toBe(own.beforeMicroNats);
  });
});
