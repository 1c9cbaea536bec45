import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { subsetValues } from '#lib/engine/attribution/retrieval/subset-values.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { renderChat, stopIds } from '#lib/engine/tokenizer/chat.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import { loadBaseModel } from '#lib/engine/train/base-model.ts';
import { createSampler } from '#lib/engine/train/generate.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { promptWithRows } from '#lib/kernel/prompt-with-rows.ts';
import { creditRetrieval, type RetrievalCredit } from '#lib/kernel/retrieval-credit.ts';
import { passageOf, type ReadQuestion, readingLessons, readQuestions, rowsRead } from './reading-world.ts';

/** An answer that the model wrote with rows before the question, and what reading them was worth. */
export type ReadAnswer = ReadQuestion & {
  text: string;
  isRight: boolean;
  credit: RetrievalCredit;
  /** Nats that the answer loses when a row alone is taken out of the prompt. */
  leftOut: number[];
  cpuSeconds: number;
};

const modelDir = fileURLToPath(new URL('../../../../models/openledger-nano', import.meta.url));
const lessons = 240;
const questions = 48;
const answerTokens = 20;

/** The shipped base learns to read rows in one planted world, then answers greedily in others that contradict it. */
export async function readAnswers(seeds: readonly string[]): Promise<ReadAnswer[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'attribution-retrieval-'));
  try {
    await learnToRead(folder);
    const answers: ReadAnswer[][] = [];
    for (const seed of seeds) answers.push(await answerAll(folder, readQuestions(seed, questions)));
    return answers;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function learnToRead(outDir: string): Promise<void> {
  const train = readingLessons('reading', lessons);
  const recipe = { ...recipePresets.balanced, epochs: 4, evalEverySteps: 0, checkpointEverySteps: 0 };
  const input = { modelDir, outDir, train, evaluation: train.slice(0, 1), recipe, datasetRoot: '0xbench', threads: 1 };
  for await (const _event of runAdapterTraining(input, () => false));
}

async function answerAll(adapterDir: string, asked: ReadQuestion[]): Promise<ReadAnswer[]> {
  const model = await loadAdaptedModel(await loadBaseModel(modelDir), adapterDir);
  const { base, adapter } = model;
  const sessions = new SessionCache(12, { threads: 1 });
  const sampler = await createSampler(base.config, adapter.layout, 1);
  const stops = stopIds(base.tokenizer);
  const answers: ReadAnswer[] = [];
  for (const question of asked) {
    const passages = question.read.map(passageOf);
    const conversations = Array.from({ length: 2 ** rowsRead }, (_, subset) =>
      promptWithRows(
        question.messages,
        passages.filter((_, i) => subset & (1 << i)),
      ),
    );
    const promptIds = renderChat(base.tokenizer, conversations.at(-1)!, { addGenerationPrompt: true }).ids;
    const request = { promptIds, maxTokens: answerTokens, temperature: 0, stopIds: stops, seed: '' };
    const said = await sampler.continue(base.weights, adapter.theta, request);
    if (said.length === 0) continue;
    const completionIds = said.length < answerTokens ? [...said, stops[0]!] : said;
    const before = process.cpuUsage();
    const values = await subsetValues(model, sessions, { conversations, promptIds, completionIds });
    const { user, system } = process.cpuUsage(before);
    const all = values.microNats.length - 1;
    const text = base.tokenizer.decode(said);
    answers.push({
      ...{ ...question, text, isRight: text.includes(question.fact.object), credit: creditRetrieval(values) },
      leftOut: passages.map((_, i) => (values.microNats[all]! - values.microNats[all & ~(1 << i)]!) / 1e6),
      cpuSeconds: (user + system) / 1e6,
    });
  }
  await sampler.release();
  await sessions.release();
  return answers;
}

/** Which of the rows read name a thing that the answer names. */
export function sayingRows({ read, text }: ReadAnswer): boolean[] {
  const said = new Set(text.toLowerCase().match(/[a-z]+/g));
  return read.map(({ facts }) => facts.some(({ object }) => said.has(object)));
}
