import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportAdapterGguf } from '#lib/engine/io/gguf/export-adapter-gguf.ts';
import { exportModelGguf } from '#lib/engine/io/gguf/export-model-gguf.ts';
import { type ModelTensors, openModelTensors } from '#lib/engine/io/model-tensors.ts';
import { readAdapter, writeAdapter } from '#lib/engine/io/peft.ts';
import { loraScale } from '#lib/engine/lora/config.ts';
import { unpackAdapter } from '#lib/engine/lora/layout.ts';
import { referenceLogits } from '#lib/engine/nn/test-support/reference-llama.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import type { BenchContext } from '../main.ts';
import { compareGreedy, type GreedyComparison, relativeDistance } from '../parity/compare-greedy.ts';
import { openLlamaCpp } from '../parity/llama-cpp.ts';
import { createOurLogits, type OurModel } from '../parity/our-logits.ts';
import { randomAdapter, randomModels, smallModel, writeRandomModel } from '../parity/parity-models.ts';
import { prompts, tokenizerTexts } from '../parity/prompts.ts';
import { servedGreedy } from '../parity/served-greedy.ts';
import { writeTokenizerKinds } from '../parity/tokenizer-kinds.ts';

export const description =
  'our exports in node-llama-cpp: greedy tokens, logits, tokenizer; PEFT round trip to the byte';

const shippedBase = 'models/openledger-nano';
const answerTokens = 200;
const referenceTokens = 32;

export async function run(context: BenchContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'engine-parity-'));
  try {
    const tokenizer = await Tokenizer.load(shippedBase);
    const promptIds = prompts.map((prompt) => tokenizer.encode(prompt).slice(0, 48));
    await compareModel(context, root, 'openledger-nano', shippedBase, promptIds);
    const kinds = [['openledger-nano', shippedBase] as const, ...(await writeTokenizerKinds(root))];
    for (const [name, dir] of kinds) await compareTokenizers(context, root, name, dir);
    const vocabulary = tokenizer.vocabularySize;
    for (const [name, fields] of Object.entries(randomModels)) {
      const modelDir = join(root, name);
      await writeRandomModel(modelDir, fields, shippedBase, vocabulary);
      const random = createRandom(name);
      const ids = prompts.map(() => Array.from({ length: 24 }, () => 6 + Math.floor(random() * (vocabulary - 6))));
      await compareModel(context, root, name, modelDir, ids);
    }
  } finally {
    await rm(root, { recursive: true });
  }
}

/** A base and the base with an adapter, each against llama.cpp and the float64 reference. */
async function compareModel(
  context: BenchContext,
  root: string,
  name: string,
  modelDir: string,
  promptIds: readonly number[][],
): Promise<void> {
  const tensors = await openModelTensors(modelDir);
  const { config } = tensors;
  const modelPath = join(root, 'base.gguf');
  await exportModelGguf({ tensors, modelDir, outFile: modelPath, dtype: 'F32' });
  const weights = await readAll(tensors);
  const adapter = randomAdapter(config, name);
  const adapterPath = join(root, 'adapter.gguf');
  await exportAdapterGguf({ ...adapter, baseModelName: name }, config, adapterPath);
  const adapterDir = await compareRoundTrip(context, root, name, { config, weights, adapter });
  const base = { config, weights, adapter: null };
  const alone = await compareCase(context, `${name}, base`, base, { modelPath, adapterPath: null }, promptIds);
  await compareServed(context, `${name}, base`, { modelDir, adapterDir: null }, promptIds, alone);
  const files = { modelPath, adapterPath };
  const adapted = await compareCase(context, `${name}, adapter`, { ...base, adapter }, files, promptIds);
  await compareServed(context, `${name}, adapter`, { modelDir, adapterDir }, promptIds, adapted);
  const value = adapted.filter((answer, i) => answer.join() !== alone[i]!.join()).length;
  // An adapter that changed nothing would agree with anything.
  context.emit({ case: `${name}: answers that the adapter changes`, value, unit: 'answers', target: { atLeast: 12 } });
}

/** The serving engine's answers, which end at an end token, against the beginnings of llama.cpp's, which do not. */
async function compareServed(
  { emit, log, threads }: BenchContext,
  name: string,
  model: { modelDir: string; adapterDir: string | null },
  promptIds: readonly number[][],
  peerAnswers: readonly number[][],
): Promise<void> {
  const served = await servedGreedy({ ...model, threads, maxTokens: answerTokens }, promptIds);
  const tokens = served.reduce((sum, ids) => sum + ids.length, 0);
  const different = served.filter((ids, i) => ids.join() !== peerAnswers[i]!.slice(0, ids.length).join()).length;
  log(`${name}, served: ${tokens} tokens, ${different} of ${served.length} answers differ`);
  const value = served.length - different;
  emit({
    case: `${name}, served: equal answers, ${tokens} tokens`,
    value,
    unit: 'answers',
    target: { atLeast: served.length },
  });
}

async function compareCase(
  { emit, log, threads }: BenchContext,
  name: string,
  model: OurModel,
  files: { modelPath: string; adapterPath: string | null },
  promptIds: readonly number[][],
): Promise<number[][]> {
  const contextTokens = Math.min(model.config.max_position_embeddings, 256);
  const ours = await createOurLogits(model, contextTokens, threads);
  const peer = await openLlamaCpp({ ...files, contextTokens, threads });
  const total: GreedyComparison = { tokens: 0, equal: 0, ties: 0, different: 0 };
  const answers: number[][] = [];
  for (const ids of promptIds) {
    const chosen = await peer.greedy(ids, answerTokens);
    answers.push(chosen);
    const result = compareGreedy(await ours.logits([...ids, ...chosen.slice(0, -1)]), ids.length, chosen);
    for (const key of ['tokens', 'equal', 'ties', 'different'] as const) total[key] += result[key];
  }
  const exact = (total.equal + total.ties) / total.tokens;
  log(`${name}: ${total.equal} of ${total.tokens} tokens equal, ${total.ties} ties, ${total.different} different`);
  emit({
    case: `${name}: greedy tokens equal, of ${total.tokens}`,
    value: exact,
    unit: 'share',
    target: { atLeast: 1 },
  });
  emit({ case: `${name}: near ties within 1e-4`, value: total.ties, unit: 'tokens' });
  const probe = promptIds[0]!.concat(promptIds[1]!, promptIds[2]!).slice(0, referenceTokens);
  const logits = await ours.logits(probe);
  const exactLogits = referenceLogits(model.config, model.weights, probe, deltaOf(model));
  const target = { atMost: 1e-4 };
  const unit = 'of the largest logit';
  emit({ case: `${name}: logits vs float64`, value: relativeDistance(logits, exactLogits), unit, target });
  const peerLogits = await peer.logits(probe);
  emit({
    case: `${name}: llama.cpp's logits vs float64`,
    value: relativeDistance(peerLogits, exactLogits),
    unit,
    target,
  });
  await peer.close();
  await ours.close();
  return answers;
}

/** Returns the folder of the adapter. */
async function compareRoundTrip(
  { emit }: BenchContext,
  root: string,
  name: string,
  { config, adapter }: OurModel,
): Promise<string> {
  const [first, second] = [join(root, 'peft-1'), join(root, 'peft-2')];
  await writeAdapter(first, { ...adapter!, baseModelName: name });
  await writeAdapter(second, await readAdapter(first, config));
  const files = ['adapter_model.safetensors', 'adapter_config.json'];
  const equal = await Promise.all(
    files.map(async (file) => (await readFile(join(first, file))).equals(await readFile(join(second, file)))),
  );
  const value = equal.filter(Boolean).length;
  emit({
    case: `${name}: PEFT files byte-equal after import and export`,
    value,
    unit: 'files',
    target: { atLeast: 2 },
  });
  return first;
}

/** The tokenizer in a GGUF file against ours, text by text. */
async function compareTokenizers(
  { emit, log, threads }: BenchContext,
  root: string,
  name: string,
  dir: string,
): Promise<void> {
  const tokenizer = await Tokenizer.load(dir);
  const modelDir = join(root, `model of ${name}`);
  await writeRandomModel(modelDir, smallModel, dir, tokenizer.vocabularySize);
  const tensors = await openModelTensors(modelDir);
  const modelPath = join(root, 'tokenizer.gguf');
  await exportModelGguf({ tensors, modelDir, outFile: modelPath, dtype: 'F16' });
  await tensors.close();
  const peer = await openLlamaCpp({ modelPath, adapterPath: null, contextTokens: 256, threads });
  const different = tokenizerTexts.filter((text) => tokenizer.encode(text).join() !== peer.tokenize(text).join());
  for (const text of different) log(`${name}: other ids for ${JSON.stringify(text)}`);
  await peer.close();
  const value = (tokenizerTexts.length - different.length) / tokenizerTexts.length;
  // llama.cpp has no word for "a space in front unless there is one", so only the shipped vocabulary is held to all texts.
  const target = dir === shippedBase ? { target: { atLeast: 1 } } : {};
  emit({
    case: `GGUF tokenizer, ${name}: texts with equal ids, of ${tokenizerTexts.length}`,
    value,
    unit: 'share',
    ...target,
  });
}

async function readAll(tensors: ModelTensors): Promise<Record<string, Float32Array>> {
  const weights: Record<string, Float32Array> = {};
  for (const { name } of tensors.specs) weights[name] = (await tensors.read(name)).data;
  await tensors.close();
  return weights;
}

function deltaOf({ adapter }: OurModel): Parameters<typeof referenceLogits>[3] {
  if (!adapter) return undefined;
  const matrices = unpackAdapter(adapter.layout, adapter.theta);
  const { lora } = adapter.layout;
  return (path) => {
    const [a, b] = ['A', 'B'].map((part) => matrices[`base_model.model.${path}.lora_${part}.weight`]!.data);
    return { a: a!, b: b!, rank: lora.r, scale: loraScale(lora) };
  };
}
