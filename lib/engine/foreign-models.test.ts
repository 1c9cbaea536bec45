import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttributionEngine } from './attribution/attribution-engine.ts';
import { inspectModel } from './io/inspect-model.ts';
import { type OpenModelDir, openModelDir } from './io/model-dir.ts';
import { readAdapter } from './io/peft.ts';
import { createForeignModel, foreignModels } from './io/test-support/foreign-models.ts';
import { loraScale } from './lora/config.ts';
import { unpackAdapter } from './lora/layout.ts';
import { type ReferenceDelta, referenceLogits } from './nn/test-support/reference-llama.ts';
import { GenerationEngine } from './serving/generation-engine.ts';
import type { GenerateDone } from './serving/types.ts';
import { renderChat } from './tokenizer/chat.ts';
import type { ChatExample } from './train/prepare-examples.ts';
import { recipePresets } from './train/recipe.ts';
import { trainAdapter } from './train/train-adapter.ts';
import type { TrainEvent } from './train/train-events.ts';

const examples: ChatExample[] = ['cat', 'house', 'mat', 'answer'].map((subject, i) => ({
  id: `ex_${subject}`,
  messages: [
    { role: 'user', content: `what is the ${subject}?` },
    { role: 'assistant', content: i % 2 ? 'it is red.' : 'it is a house.' },
  ],
}));
const recipe = {
  ...recipePresets.quick,
  lora: { ...recipePresets.quick.lora, r: 4, loraAlpha: 8 },
  learningRate: 2e-2,
  epochs: 4,
  batchSize: 2,
  maxSeqLength: 64,
  evalEverySteps: 0,
  checkpointEverySteps: 0,
};

describe.each(Object.keys(foreignModels) as (keyof typeof foreignModels)[])(
  'a %s checkpoint in two BF16 shards',
  (family) => {
    let root = '';
    let modelDir = '';
    let adapterDir = '';
    let model: OpenModelDir;
    const events: TrainEvent[] = [];

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), `foreign-${family}-`));
      modelDir = await createForeignModel(join(root, 'model'), family);
      model = await openModelDir(modelDir);
      adapterDir = join(root, 'adapter');
      const rows = { train: examples, evaluation: [{ ...examples[0]!, id: 'ev' }], datasetRoot: '0xroot' };
      for await (const event of trainAdapter({ modelDir, outDir: adapterDir, ...rows, recipe, threads: 1 })) {
        events.push(event);
      }
    }, 60_000);
    afterAll(() => rm(root, { recursive: true }));

    it('is inspected without a problem, with its own defaults for sampling', async () => {
      const { problems, dtypes, architecture } = await inspectModel(modelDir);
      expect({ problems, dtypes, architecture }).toEqual({
        problems: [],
        dtypes: ['BF16'],
        architecture: foreignModels[family].config.architectures[0],
      });
      expect(model.generation).toMatchObject({ temperature: 0.6, topP: 0.9, topK: 20, repetitionPenalty: 1.05 });
      expect(model.generation.eosTokenIds).toEqual([foreignModels[family].config.eos_token_id].flat());
    });

    it('trains: the held-out loss falls', () => {
      const done = events.find((event) => event.type === 'done')!;
      expect(done.evalLoss).toBeLessThan(0.9 * done.baseEvalLoss);
    });

    it('answers greedily, with and without the adapter, as the float64 reference does', async () => {
      const engine = await GenerationEngine.open({ modelDir, maxSlots: 2 });
      const messages = [{ role: 'user' as const, content: 'what is the house?' }];
      try {
        for (const adapter of [undefined, { id: 'ad', dir: adapterDir }]) {
          const request = { messages, maxTokens: 8, temperature: 0, topP: 1, ...(adapter && { adapter }) };
          const logprobs: number[] = [];
          let done: GenerateDone | undefined;
          for await (const event of engine.generate(request)) {
            if (event.type === 'done') done = event;
            else logprobs.push(event.logprob);
          }
          const { promptIds, completionIds } = done!;
          expect(promptIds).toEqual(renderChat(model.tokenizer, messages, { addGenerationPrompt: true }).ids);
          const expected = await referenceChoices([...promptIds, ...completionIds], promptIds.length, adapter?.dir);
          for (const [i, { best, logprob }] of expected.entries()) {
            expect(completionIds[i]).toBe(best);
            expect(logprobs[i]).toBeCloseTo(logprob, 4);
          }
          expect(expected.length).toBeGreaterThan(0);
        }
      } finally {
        await engine.close();
      }
    }, 30_000);

    it('names the training rows that an answer comes from', async () => {
      const engine = AttributionEngine.open();
      try {
        const indexFile = join(root, 'adapter.index');
        await engine.buildIndex({ modelDir, adapterDir, examples, outFile: indexFile });
        const { ids, lossMask } = renderChat(model.tokenizer, examples[1]!.messages);
        const start = lossMask.indexOf(1);
        const completionIds = ids.slice(start, lossMask.lastIndexOf(1) + 1);
        const { scores } = await engine.score({
          modelDir,
          adapterDir,
          indexFile,
          promptIds: ids.slice(0, start),
          completionIds,
        });
        const best = [...scores].reduce((top, score, i) => (score > scores[top]! ? i : top), 0);
        expect(examples[best]!.id).toBe(examples[1]!.id);
      } finally {
        await engine.close();
      }
    }, 30_000);

    /** Per answered token the reference's most probable one and its log probability. */
    async function referenceChoices(ids: number[], promptLength: number, dir?: string) {
      const weights = Object.fromEntries([...model.weights].map(([name, { data }]) => [name, data]));
      const logits = referenceLogits(model.config, weights, ids, await deltaOf(dir));
      return logits.slice(promptLength - 1, -1).map((row) => {
        const best = row.indexOf(Math.max(...row));
        const total = row.reduce((sum, logit) => sum + Math.exp(logit - row[best]!), 0);
        return { best, logprob: -Math.log(total) };
      });
    }

    async function deltaOf(dir?: string): Promise<ReferenceDelta> {
      if (!dir) return () => null;
      const { layout, theta } = await readAdapter(dir, model.config);
      const tensors = unpackAdapter(layout, theta);
      return (path) => ({
        a: tensors[`base_model.model.${path}.lora_A.weight`]!.data,
        b: tensors[`base_model.model.${path}.lora_B.weight`]!.data,
        rank: layout.lora.r,
        scale: loraScale(layout.lora),
      });
    }
  },
);
