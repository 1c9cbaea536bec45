import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { parameterCount, weightSpecs, weightViews } from '../nn/weights.ts';
import { type AdamWConfig, adamCorrections } from '../optim/adamw.ts';
import type { MuonConfig } from '../optim/muon.ts';
import { learningRateFactor } from '../optim/schedule.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { TrainingError } from './errors.ts';
import { fullTrainingGraph, lossGraph } from './graphs.ts';
import { OptimizerState } from './optimizer-state.ts';
import type { PretrainingData } from './pretrain-data.ts';
import { createNormal, createPermutation } from './random.ts';

export type PretrainOptions = {
  config: LlamaConfig;
  data: PretrainingData;
  checkpointFile: string;
  resume: boolean;
  optimizer?: AdamWConfig | MuonConfig;
  minutes: number;
  threads: number;
  batchSize: number;
  learningRate: number;
  seed: string;
  /** Seconds on a monotonic clock. */
  now: () => number;
};

export type EvaluationPoint = { step: number; tokens: number; heldOutLoss: number };
export type PretrainEvent =
  | {
      type: 'step';
      step: number;
      tokens: number;
      loss: number;
      learningRate: number;
      tokensPerSecond: number;
      etaSeconds: number;
    }
  | ({ type: 'eval' } & EvaluationPoint)
  | { type: 'checkpoint'; step: number; file: string }
  | ({ type: 'done'; theta: Float32Array } & PretrainResult);

export type PretrainResult = {
  steps: number;
  tokens: number;
  seconds: number;
  machine: string;
  history: EvaluationPoint[];
};

/** Muon: what it gains over AdamW here is in docs/engine-log.md. */
export const pretrainOptimizer: MuonConfig = {
  beta1: 0.9,
  beta2: 0.95,
  epsilonPlace: 'outside',
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradNorm: 1,
  momentum: 0.95,
};

const checkpointSeconds = 120;
const evaluationSeconds = 150;
/** A longer gap is a sleeping machine or a paused process, which must not use the training time up. */
const longestStepSeconds = 20;
/** Held-out windows of a progress evaluation; the last one reads all of them. */
const quickWindows = 48;

/** `machine` says in words what computed it: a checkpoint of scripts/pretrain-gpu.py names its own. */
type Progress = { step: number; tokens: number; seconds: number; machine: string; history: EvaluationPoint[] };

/**
 * Trains a Llama from scratch for a given time. The learning rate follows the share of the time that has passed, so a
 * run ends fully decayed however fast the machine is; time spent before a resume counts, pauses do not.
 *
 * @throws TrainingError checkpoint_mismatch (another model), training_diverged
 */
export async function* pretrain(options: PretrainOptions): AsyncGenerator<PretrainEvent> {
  const { config, data, minutes, now, optimizer = pretrainOptimizer } = options;
  const time = config.max_position_embeddings;
  const shape = { batch: options.batchSize, time };
  const session = await OrtSession.create(fullTrainingGraph(config, shape, optimizer), options);
  const evaluator = await OrtSession.create(lossGraph(config, null, { batch: 4, time }), options);
  const { state, progress } = await startState(options);
  const batches = new WindowBatches(data.train, shape, options.seed);
  let readAt = now();
  const elapsed = (): number => {
    const time = now();
    progress.seconds += Math.min(time - readAt, longestStepSeconds);
    readAt = time;
    return progress.seconds;
  };
  let [checkpointAt, evaluationAt, meanLoss] = [elapsed() + checkpointSeconds, elapsed() + 30, Number.NaN];
  let speed = { at: elapsed(), step: progress.step };

  while (elapsed() < minutes * 60) {
    const factor = learningRateFactor('linear', elapsed() / (minutes * 60), 0.02);
    const learningRate = options.learningRate * Math.max(factor, 1e-3);
    const feeds = { ...batches.at(progress.step), ...adamCorrections(optimizer, progress.step + 1) };
    const { loss } = await state.step(session, { ...feeds, learningRate: Float32Array.of(learningRate) });
    progress.step += 1;
    progress.tokens += shape.batch * time;
    meanLoss = Number.isNaN(meanLoss) ? loss : 0.98 * meanLoss + 0.02 * loss;
    if (progress.step % 50 === 0) {
      const tokensPerSecond = ((progress.step - speed.step) * shape.batch * time) / (elapsed() - speed.at);
      speed = { at: elapsed(), step: progress.step };
      const etaSeconds = minutes * 60 - elapsed();
      const { step, tokens } = progress;
      yield { type: 'step', step, tokens, loss: meanLoss, learningRate, tokensPerSecond, etaSeconds };
    }
    if (elapsed() >= evaluationAt) {
      yield await evaluate(evaluator, options, state, progress, quickWindows);
      evaluationAt = elapsed() + evaluationSeconds;
    }
    if (elapsed() >= checkpointAt) {
      yield await saveCheckpoint(options, state, progress);
      checkpointAt = elapsed() + checkpointSeconds;
    }
  }
  yield await evaluate(evaluator, options, state, progress, Number.POSITIVE_INFINITY);
  yield await saveCheckpoint(options, state, progress);
  await session.release();
  await evaluator.release();
  const { step: steps, tokens, seconds, machine, history } = progress;
  yield { type: 'done', theta: state.theta, steps, tokens, seconds, machine, history };
}

/** Windows in a seeded order; each pass over the data has an order of its own. */
class WindowBatches {
  private readonly data: Uint16Array;
  private readonly shape: { batch: number; time: number };
  private readonly seed: string;
  private order: { epoch: number; windows: Int32Array } | null = null;

  constructor(data: Uint16Array, shape: { batch: number; time: number }, seed: string) {
    this.data = data;
    this.shape = shape;
    this.seed = seed;
  }

  at(step: number): { ids: Int32Array; labels: Int32Array; lossWeights: Float32Array } {
    const { batch, time } = this.shape;
    const perEpoch = Math.floor(this.data.length / (time + 1) / batch);
    if (perEpoch === 0) throw new TrainingError('dataset_empty', 'The corpus is smaller than one batch.');
    const epoch = Math.floor(step / perEpoch);
    if (this.order?.epoch !== epoch) {
      const count = this.data.length / (time + 1);
      this.order = { epoch, windows: createPermutation(count, `${this.seed}|${epoch}`) };
    }
    const first = (step % perEpoch) * batch;
    return windowBatch(this.data, this.order.windows.subarray(first, first + batch), time);
  }
}

function windowBatch(data: Uint16Array, windows: ArrayLike<number>, time: number) {
  const size = windows.length * time;
  const [ids, labels] = [new Int32Array(size), new Int32Array(size)];
  for (let row = 0; row < windows.length; row++) {
    const from = windows[row]! * (time + 1);
    ids.set(data.subarray(from, from + time), row * time);
    labels.set(data.subarray(from + 1, from + time + 1), row * time);
  }
  return { ids, labels, lossWeights: new Float32Array(size).fill(1 / size) };
}

async function evaluate(
  evaluator: OrtSession,
  { config, data }: PretrainOptions,
  state: OptimizerState,
  progress: Progress,
  maxWindows: number,
): Promise<PretrainEvent> {
  const time = config.max_position_embeddings;
  const count = Math.floor(Math.min(maxWindows, data.heldOut.length / (time + 1)) / 4);
  const weights = weightViews(config, state.theta);
  let sum = 0;
  for (let batch = 0; batch < count; batch++) {
    const windows = [0, 1, 2, 3].map((i) => 4 * batch + i);
    const { losses } = await evaluator.run<'losses'>({ ...weights, ...windowBatch(data.heldOut, windows, time) });
    for (const loss of losses as Float32Array) sum += loss;
  }
  const point = { step: progress.step, tokens: progress.tokens, heldOutLoss: sum / count };
  progress.history.push(point);
  return { type: 'eval', ...point };
}

async function startState(options: PretrainOptions): Promise<{ state: OptimizerState; progress: Progress }> {
  if (!options.resume) {
    const theta = initialWeights(options.config, options.seed);
    const machine = `${options.threads} CPU thread${options.threads === 1 ? '' : 's'} (npm run pretrain)`;
    return { state: new OptimizerState(theta), progress: { step: 0, tokens: 0, seconds: 0, machine, history: [] } };
  }
  const { metadata, tensors } = await readSafetensors(options.checkpointFile);
  const [theta, m, v] = ['theta', 'm', 'v'].map((name) => tensors.get(name)?.data);
  if (!theta || !m || !v || theta.length !== parameterCount(options.config)) {
    throw new TrainingError('checkpoint_mismatch', 'The checkpoint belongs to a model of another shape.');
  }
  return { state: new OptimizerState(theta, m, v), progress: JSON.parse(metadata.progress ?? '') };
}

async function saveCheckpoint(
  { checkpointFile }: PretrainOptions,
  { theta, m, v }: OptimizerState,
  progress: Progress,
): Promise<PretrainEvent> {
  await mkdir(join(checkpointFile, '..'), { recursive: true });
  const tensors = Object.entries({ theta, m, v }).map(
    ([name, data]) => [name, { shape: [data.length], data }] as const,
  );
  const metadata = { progress: JSON.stringify(progress) };
  await writeSafetensors(checkpointFile, new Map(tensors), { metadata, dtype: 'F32' });
  return { type: 'checkpoint', step: progress.step, file: checkpointFile };
}

/**
 * Normal with standard deviation 0.02 for the (tied) embedding and 0.55/sqrt(in) for the matrices; those that write to
 * the residual stream are divided by sqrt(2L) (GPT-2). Norm weights are 1.
 */
function initialWeights(config: LlamaConfig, seed: string): Float32Array<ArrayBuffer> {
  const theta = new Float32Array(parameterCount(config));
  const views = weightViews(config, theta);
  const normal = createNormal(`weights|${seed}`);
  for (const { name, shape } of weightSpecs(config)) {
    const view = views[name]!;
    if (shape.length === 1) {
      view.fill(1);
      continue;
    }
    const isVocabulary = name === 'model.embed_tokens.weight' || name === 'lm_head.weight';
    const isResidual = /(o_proj|down_proj)\.weight$/.test(name);
    const deviation = isVocabulary ? 0.02 : 0.55 / Math.sqrt(shape[1]!);
    const scale = isResidual ? deviation / Math.sqrt(2 * config.num_hidden_layers) : deviation;
    for (let i = 0; i < view.length; i++) view[i] = normal() * scale;
  }
  return theta;
}
