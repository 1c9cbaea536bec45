import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LlamaConfig, parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { parameterCount, weightSpecs, weightViews } from '#lib/engine/nn/weights.ts';
import { adamCorrections } from '#lib/engine/optim/adamw.ts';
import type { MuonConfig } from '#lib/engine/optim/muon.ts';
import { learningRateFactor } from '#lib/engine/optim/schedule.ts';
import { OrtSession } from '#lib/engine/runtime/ort-session.ts';
import { type ChatMessage, renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { tokenizerConfigJson } from '#lib/engine/tokenizer/tokenizer-json.ts';
import { engineVersion } from '#lib/engine/train/engine-version.ts';
import { fullTrainingGraph } from '#lib/engine/train/graphs.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';
import { createNormal } from '#lib/engine/train/random.ts';
import { writeBaseModel } from '#lib/engine/train/write-base-model.ts';
import { plantedPretraining } from './planted-pretraining.ts';
import { plantedTokenizerJson } from './planted-tokenizer.ts';

export type PlantedWorld = {
  /** A base in Hugging Face layout that knows the world's words and none of its planted facts. */
  modelDir: string;
};

const shortestText = 16;

/** Changes whenever the base would. */
const recipe = { version: 4, seed: 'planted', steps: 1200, batch: 16, window: 64, learningRate: 6e-3 };

const optimizer: MuonConfig = {
  beta1: 0.9,
  beta2: 0.95,
  epsilonPlace: 'outside',
  epsilon: 1e-8,
  weightDecay: 0.05,
  maxGradNorm: 1,
  momentum: 0.95,
};

const shape = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 64,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 160,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  max_position_embeddings: 256,
  bos_token_id: 0,
  eos_token_id: 0,
};

/**
 * The base of the planted world: a Llama of 150,000 parameters, pre-trained in less than a minute of one CPU and then found by the
 * hash of all that decides it. Equal bits on one kind of CPU.
 *
 * @param cacheDir e.g. `.cache/attribution`
 */
export async function openPlantedWorld({ cacheDir }: { cacheDir: string }): Promise<PlantedWorld> {
  const { json, vocabularySize } = plantedTokenizerJson();
  const config = parseLlamaConfig({ ...shape, vocab_size: vocabularySize });
  const corpusSample = plantedPretraining(recipe.seed);
  const decisive = [
    engineVersion,
    recipe,
    optimizer,
    config,
    json,
    Array.from({ length: 200 }, () => corpusSample.next()),
  ];
  const key = createHash('sha256').update(JSON.stringify(decisive)).digest('hex').slice(0, 16);
  const modelDir = join(cacheDir, `planted-${key}`);
  if (await isThere(join(modelDir, 'config.json'))) return { modelDir };
  const folder = `${modelDir}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(json));
  const tokenizerConfig = tokenizerConfigJson(config.max_position_embeddings);
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig));
  await writeBaseModel(folder, config, await pretrainPlanted(config, await Tokenizer.load(folder)));
  // Whoever was faster has written the same bits.
  await rename(folder, modelDir).catch(() => rm(folder, { recursive: true }));
  return { modelDir };
}

async function pretrainPlanted(config: LlamaConfig, tokenizer: Tokenizer): Promise<Float32Array> {
  const { steps, batch, window, seed, learningRate: peak } = recipe;
  const session = await OrtSession.create(fullTrainingGraph(config, { batch, time: window }, optimizer), {
    threads: 1,
  });
  const state = new OptimizerState(initialWeights(config, seed));
  const texts = plantedPretraining(seed);
  for (let step = 1; step <= steps; step++) {
    const learningRate = Float32Array.of(peak * learningRateFactor('linear', step / (steps + 1), 0.03));
    const feeds = nextBatch(tokenizer, texts, batch, window);
    await state.step(session, { ...feeds, ...adamCorrections(optimizer, step), learningRate });
  }
  await session.release();
  return state.theta;
}

/** What a token of a question weighs where one of an answer weighs 1. */
const questionWeight = 0.1;

/** Lines of whole texts, one after the other, as many as fit. */
function nextBatch(tokenizer: Tokenizer, texts: Iterator<ChatMessage[]>, batch: number, window: number) {
  const size = batch * window;
  const [ids, labels] = [new Int32Array(size), new Int32Array(size)];
  const lossWeights = new Float32Array(size);
  for (let line = 0; line < batch; line++) {
    const end = (line + 1) * window;
    let at = line * window;
    while (at < end - shortestText) {
      const { ids: text, lossMask } = renderChat(tokenizer, texts.next().value as ChatMessage[]);
      if (at + text.length - 1 > end) break;
      for (let i = 1; i < text.length; i++, at++) {
        ids[at] = text[i - 1]!;
        labels[at] = text[i]!;
        lossWeights[at] = lossMask[i] === 1 ? 1 : questionWeight;
      }
    }
  }
  const sum = lossWeights.reduce((total, weight) => total + weight, 0);
  return { ids, labels, lossWeights: lossWeights.map((weight) => weight / sum) };
}

/**
 * 0.55/sqrt(in) for matrices, those that write to the residual stream smaller. The embedding starts large: with the usual 0.02
 * this base does not learn to repeat the name that it was asked about.
 */
function initialWeights(config: LlamaConfig, seed: string): Float32Array {
  const theta = new Float32Array(parameterCount(config));
  const views = weightViews(config, theta);
  const normal = createNormal(`weights|${seed}`);
  for (const { name, shape } of weightSpecs(config)) {
    const isResidual = /(o_proj|down_proj)\.weight$/.test(name);
    const spread = name.includes('embed') ? 0.3 : 0.55 / Math.sqrt(shape[1] ?? 1);
    const scale = isResidual ? spread / Math.sqrt(2 * config.num_hidden_layers) : spread;
    for (let i = 0; i < views[name]!.length; i++) views[name]![i] = shape.length === 1 ? 1 : normal() * scale;
  }
  return theta;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
