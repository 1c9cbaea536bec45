import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttackEngine, FitInput, SandboxAnswer, SandboxModel, SandboxRow } from '#lib/attacks/attack-engine.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { idAt } from '#lib/engine/attribution/packed-ids.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import type { Recipe } from '#lib/engine/train/recipe.ts';
import { trainAdapter } from '#lib/engine/train/train-adapter.ts';
import type { TrainAdapterInput, TrainEvent } from '#lib/engine/train/train-events.ts';

export type AttackEngineOptions = {
  modelDir: string;
  /** Adapters and indexes, by the hash of what they were made of; what lies there is used again. */
  workDir: string;
  recipe: Recipe;
  threads: number;
  /** Tokens of an answer at most. */
  maxTokens: number;
  signal?: AbortSignal | undefined;
  onStep?: ((done: number, total: number) => void) | undefined;
  /** Default `trainAdapter`, which takes a thread; who has one of its own may train in it. */
  train?: ((input: TrainAdapterInput & { signal?: AbortSignal | undefined }) => AsyncIterable<TrainEvent>) | undefined;
};

type Parts = AttackEngineOptions & { attribution: AttributionEngine; serving: GenerationEngine; tokenizer: Tokenizer };
type Messages = SandboxRow['messages'];
type Tokens = { promptIds: number[]; completionIds: number[] };

const indexName = 'attribution.index';
/** Answers that are decoded side by side. */
const answersAtOnce = 16;

/**
 * The product's own engine for a sandbox: `trainAdapter`, the attribution index, the serving engine's answers and the
 * exact scan, each in its own thread. `close` ends the threads.
 */
export async function openAttackEngine(
  options: AttackEngineOptions,
): Promise<AttackEngine & { close(): Promise<void> }> {
  const { modelDir, workDir, threads } = options;
  const tokenizer = await Tokenizer.load(modelDir);
  const serving = await GenerationEngine.open({ modelDir, threads, maxSlots: answersAtOnce });
  const attribution = AttributionEngine.open({ threads });
  const parts = { ...options, attribution, serving, tokenizer };
  const fitted = new Map<string, Promise<SandboxModel>>();
  return {
    fit(input) {
      const key = keyOf(input, options);
      const model = fitted.get(key) ?? trainAndIndex(parts, input, join(workDir, key));
      fitted.set(key, model);
      return model;
    },
    async close() {
      await attribution.close();
      await serving.close();
    },
  };
}

/** Everything that decides the adapter's bits; row ids are in it because the index names them. */
function keyOf(input: FitInput, { modelDir, recipe }: AttackEngineOptions): string {
  return createHash('sha256')
    .update(JSON.stringify([input, modelDir, recipe]))
    .digest('hex')
    .slice(0, 32);
}

async function trainAndIndex(
  parts: Parts,
  { train, heldOut, datasetRoot }: FitInput,
  dir: string,
): Promise<SandboxModel> {
  const { modelDir, recipe, threads, signal } = parts;
  const indexFile = join(dir, indexName);
  if (!existsSync(indexFile)) {
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    const job = { modelDir, outDir: dir, train, evaluation: heldOut, recipe, datasetRoot, threads, signal };
    let total = 0;
    for await (const event of (parts.train ?? trainAdapter)(job)) {
      if (event.type === 'started') total = event.totalSteps;
      if (event.type === 'step') parts.onStep?.(event.step, total);
    }
    await index(parts, dir, train, indexFile);
  }
  return modelOf(parts, dir, train);
}

async function index(parts: Parts, adapterDir: string, examples: SandboxRow[], outFile: string): Promise<void> {
  const { attribution, modelDir, signal } = parts;
  await attribution.buildIndex({ modelDir, adapterDir, examples, outFile, ...(signal && { signal }) });
}

function modelOf(parts: Parts, dir: string, train: SandboxRow[]): SandboxModel {
  const { attribution, modelDir, tokenizer } = parts;
  const indexFile = join(dir, indexName);
  const place = { modelDir, adapterDir: dir };
  // Attacks that move nothing ask the same model the same again, and greedy answers stay the same.
  const asked = new Map<string, Promise<SandboxAnswer[]>>();
  const askOnce = async (questions: readonly Messages[]): Promise<SandboxAnswer[]> => {
    const ids = await idsOf(indexFile);
    const answers = await inParts(questions, answersAtOnce, (messages) => answer(parts, dir, messages));
    return inParts(answers, 1, async ({ text, ...tokens }) => {
      const { scores, cutScore, sigma, positiveSum } = await attribution.score({ ...place, indexFile, ...tokens });
      const rows = ids.map((exampleId, at) => ({ exampleId, score: scores[at]! }));
      return { text, scores: rows, cutScore, sigma, positiveSum } satisfies SandboxAnswer;
    });
  };
  return {
    ask(questions) {
      const key = JSON.stringify(questions);
      const answers = asked.get(key) ?? askOnce(questions);
      asked.set(key, answers);
      return answers;
    },
    logProbabilities: (rows) =>
      inParts(rows, 1, async ({ messages }) => {
        const { tunedLogprobs } = await attribution.queryCodes({
          ...place,
          indexFile,
          ...tokensOf(tokenizer, messages),
        });
        return tunedLogprobs.reduce((sum, value) => sum + value, 0);
      }),
    async influenceOf(candidates, questions) {
      const file = join(dir, 'candidates.index');
      await index(parts, dir, [...train, ...candidates], file);
      const at = new Map((await idsOf(file)).map((id, place) => [id, place]));
      const sums = candidates.map(() => 0n);
      for (const { text: _, ...tokens } of await inParts(questions, answersAtOnce, (asked) =>
        answer(parts, dir, asked),
      )) {
        const { scores } = await attribution.score({ ...place, indexFile: file, ...tokens });
        for (const [i, { id }] of candidates.entries()) {
          const score = scores[at.get(id) ?? -1] ?? 0n;
          if (score > 0n) sums[i]! += score;
        }
      }
      return sums;
    },
  };
}

async function idsOf(indexFile: string): Promise<string[]> {
  const { ids, header } = await readIndex(indexFile);
  return Array.from({ length: header.rows }, (_, at) => idAt(ids, at));
}

async function answer(parts: Parts, dir: string, messages: Messages): Promise<Tokens & { text: string }> {
  const { serving, maxTokens, signal } = parts;
  const request = {
    adapter: { id: dir, dir },
    messages,
    maxTokens,
    temperature: 0,
    topP: 1,
    ...(signal && { signal }),
  };
  let text = '';
  for await (const event of serving.generate(request)) {
    if (event.type === 'token') text += event.text;
    else return { text, promptIds: event.promptIds, completionIds: event.completionIds };
  }
  throw new Error('an answer had no end');
}

/** A row as question and answer tokens, the end of the answer included, as training reads it. */
function tokensOf(tokenizer: Tokenizer, messages: Messages): Tokens {
  const whole = renderChat(tokenizer, messages).ids;
  const promptIds = renderChat(tokenizer, messages.slice(0, -1), { addGenerationPrompt: true }).ids;
  return { promptIds, completionIds: whole.slice(promptIds.length) };
}

/** Maps a list, `size` at a time. */
async function inParts<T, R>(list: readonly T[], size: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const mapped: R[] = [];
  for (let at = 0; at < list.length; at += size)
    mapped.push(...(await Promise.all(list.slice(at, at + size).map(map))));
  return mapped;
}
