import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAdapter, writeAdapter } from '#lib/engine/io/peft.ts';
import { type BaseModel, loadBaseModel } from '#lib/engine/train/base-model.ts';
import type { BenchContext } from '../main.ts';
import { relativeDistance } from '../parity/compare-greedy.ts';
import { createOurLogits, type OurModel } from '../parity/our-logits.ts';
import { trainSteps } from '../parity/train-steps.ts';

export const description =
  'files, logits and 50 LoRA steps against transformers and peft (--data: see parity/peft-reference.py)';

const shippedBase = 'models/openledger-nano';
const unit = 'of the largest logit';
const target = { atMost: 1e-4 };

type Reference = {
  text: string;
  tokens: number[];
  probe: number[];
  base: number[][];
  adapters: Record<string, number[][]>;
  curve: { batches: number[][][]; losses: number[]; learningRate: number };
};

export async function run(context: BenchContext): Promise<void> {
  const { dataPath: folder, emit, threads } = context;
  if (folder === null)
    throw new Error('engine-peft needs --data <folder that scripts/bench/parity/peft-reference.py wrote>');
  const reference = JSON.parse(await readFile(join(folder, 'reference.json'), 'utf8')) as Reference;
  const base = await loadBaseModel(shippedBase);
  const { tokens, text, probe } = reference;
  const equalIds = base.tokenizer.encode(text).join() === tokens.join() ? tokens.length : 0;
  emit({ case: "ids equal to transformers'", value: equalIds, unit: 'tokens', target: { atLeast: tokens.length } });
  const logits = await logitsOf({ ...base, adapter: null }, probe, threads);
  emit({ case: 'base: logits vs transformers', value: relativeDistance(logits, reference.base), unit, target });
  for (const [name, expected] of Object.entries(reference.adapters)) {
    await compareAdapter(context, { name, dir: join(folder, name), base, probe, expected });
  }
  await compareCurve(context, base, folder, reference.curve);
}

/** An adapter that peft saved: the same logits, and the same bytes when we save it. */
async function compareAdapter(
  { emit, threads }: BenchContext,
  {
    name,
    dir,
    base,
    probe,
    expected,
  }: { name: string; dir: string; base: BaseModel; probe: number[]; expected: number[][] },
): Promise<void> {
  const adapter = await readAdapter(dir, base.config);
  const logits = await logitsOf({ ...base, adapter }, probe, threads);
  emit({ case: `${name}: logits vs peft`, value: relativeDistance(logits, expected), unit, target });
  const again = await mkdtemp(join(tmpdir(), 'engine-peft-'));
  await writeAdapter(again, adapter);
  const [ours, theirs] = await Promise.all(
    [again, dir].map((folder) => readFile(join(folder, 'adapter_model.safetensors'))),
  );
  const configs = await Promise.all(
    [again, dir].map((folder) => readFile(join(folder, 'adapter_config.json'), 'utf8')),
  );
  const [ourConfig, theirConfig] = configs.map((json) => JSON.stringify(JSON.parse(json)));
  const value = Number(ours!.equals(theirs!)) + Number(ourConfig === theirConfig);
  emit({
    case: `${name}: weights equal by byte, configuration by field`,
    value,
    unit: 'files',
    target: { atLeast: 2 },
  });
  await rm(again, { recursive: true });
}

async function compareCurve(
  { emit, log, threads }: BenchContext,
  base: BaseModel,
  folder: string,
  { batches, losses, learningRate }: Reference['curve'],
): Promise<void> {
  const [start, end] = await Promise.all(['start', 'end'].map((name) => readAdapter(join(folder, name), base.config)));
  const ours = await trainSteps(base, start!, batches, { learningRate, threads });
  for (const step of [0, 24, 49]) log(`step ${step + 1}: ${ours.losses[step]} ours, ${losses[step]} peft's`);
  const worst = Math.max(...ours.losses.map((loss, i) => Math.abs(loss - losses[i]!)));
  emit({ case: '50 LoRA steps: largest difference of the loss', value: worst, unit: 'nats', target: { atMost: 1e-4 } });
  const distance = (a: Float32Array, b: Float32Array): number =>
    Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
  const learnt = distance(ours.theta, end!.theta) / distance(start!.theta, end!.theta);
  emit({
    case: '50 LoRA steps: distance of the adapters',
    value: learnt,
    unit: 'of what was learnt',
    target: { atMost: 1e-2 },
  });
}

async function logitsOf(model: OurModel, ids: readonly number[], threads: number): Promise<Float32Array[]> {
  const ours = await createOurLogits(model, ids.length, threads);
  const logits = await ours.logits(ids);
  await ours.close();
  return logits;
}
