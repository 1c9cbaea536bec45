import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import { type Recipe, recipePresets } from '#lib/engine/train/recipe.ts';
import { trainAdapter } from '#lib/engine/train/train-adapter.ts';
import type { TrainEvent } from '#lib/engine/train/train-events.ts';
import { benchRows } from '../finetune/rows.ts';
import { sample } from '../finetune/sample.ts';
import type { BenchContext } from '../main.ts';
import { costOf, median } from '../measure.ts';

export const description =
  'fine-tuning the shipped base: 1,000 rows x 64 tokens x 3 epochs, time, held-out loss, samples';

const modelDir = 'models/openledger-nano';
const [trainRows, heldOutRows] = [1_000, 100];
/** The Quick preset with batches of 16, as rows are short. */
const recipe: Recipe = {
  ...recipePresets.quick,
  batchSize: 16,
  maxSeqLength: 64,
  evalEverySteps: 0,
  checkpointEverySteps: 0,
};

export async function run({ emit, log, rounds, threads, dataPath }: BenchContext): Promise<void> {
  const rows = await benchRows(trainRows + heldOutRows, dataPath);
  const [train, evaluation] = [rows.slice(0, trainRows), rows.slice(trainRows)];
  const root = await mkdtemp(join(tmpdir(), 'bench-finetune-'));
  const outDir = join(root, 'adapter');
  const input = { modelDir, outDir, train, evaluation, recipe, datasetRoot: 'bench', threads };
  const costs: { cpu: number; wall: number }[] = [];
  const results: Extract<TrainEvent, { type: 'done' }>[] = [];
  let tokens = 0;
  for (let round = 0; round < rounds; round++) {
    costs.push(
      await costOf(async () => {
        for await (const event of trainAdapter(input)) {
          if (event.type === 'started') tokens = event.trainTokens;
          if (event.type === 'done') results.push(event);
        }
      }),
    );
    log(`round ${round + 1}: ${costs.at(-1)!.cpu.toFixed(1)} CPU s, ${costs.at(-1)!.wall.toFixed(1)} s`);
  }
  const [done] = results;
  if (!done) throw new Error('Training ended without a result.');
  const cpu = median(costs.map((cost) => cost.cpu));
  emit({ case: `${train.length} rows, ${tokens} tokens: whole run`, value: cpu, unit: 'CPU s' });
  emit({ case: 'whole run', value: median(costs.map((cost) => cost.wall)), unit: 'wall s' });
  emit({ case: 'whole run, evaluations included', value: tokens / cpu, unit: 'tok/cpu-s' });
  const base = { name: 'base model', value: done.baseEvalLoss };
  emit({ case: 'held-out loss', value: done.evalLoss, unit: 'nats/token', peer: base, target: { atMost: 0.9 } });
  const distinct = new Set(results.map(({ adapterSha256 }) => adapterSha256)).size;
  emit({ case: `different adapters from ${rounds} runs`, value: distinct, unit: 'adapters', target: { atMost: 1 } });
  const shown = evaluation.slice(0, 3);
  const model = await loadBaseModel(modelDir);
  const [before, after] = [await sample(model, null, shown), await sample(model, outDir, shown)];
  for (const [i, { prompt, text }] of before.entries()) {
    log(`prompt: ${prompt}\n  before: ${oneLine(text)}\n  after:  ${oneLine(after[i]!.text)}`);
  }
  await rm(root, { recursive: true });
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
