import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModelDir } from '../io/model-dir.ts';
import { createTinyModel, tinyConfig } from '../io/test-support/tiny-model.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { modelCard } from './model-card.ts';
import { type PretrainEvent, type PretrainOptions, pretrain } from './pretrain.ts';
import { type PretrainingData, preparePretrainingData } from './pretrain-data.ts';
import { writeBaseModel } from './write-base-model.ts';

const config = { ...tinyConfig, max_position_embeddings: 32 };
let root: string;
let data: PretrainingData;
let tokenizer: Tokenizer;
let corpus: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pretrain-'));
  const modelDir = await createTinyModel(join(root, 'tokenizer'));
  tokenizer = await Tokenizer.load(modelDir);
  corpus = join(root, 'corpus.jsonl.gz');
  const lines = Array.from({ length: 401 }, (_, i) => JSON.stringify(document(i)));
  await writeFile(corpus, gzipSync(lines.join('\n')));
  data = await preparePretrainingData(corpus, tokenizer, 'a'.repeat(64), join(root, 'cache'), 32);
});
afterAll(() => rm(root, { recursive: true, force: true }));

function document(i: number): object {
  const sentence = `the ${i % 2 ? 'cat' : 'dog'} sat on the mat and ran to the ${i % 3 ? 'red' : 'blue'} house.`;
  const paragraph = Array.from({ length: 4 }, () => sentence).join(' ');
  const text = ['The old house', paragraph, 'Of the river', paragraph, paragraph].join('\n\n');
  return { source: `source/${i % 2}`, license: i % 2 ? 'MIT' : 'CC0-1.0', title: `The cat ${i}`, text };
}

/** A clock that moves 50 ms whenever it is read, so that the run does not depend on the machine's speed. */
function run(minutes: number, resume = false): AsyncGenerator<PretrainEvent> {
  let seconds = 0;
  const options: PretrainOptions = {
    config,
    data,
    checkpointFile: join(root, 'checkpoint.safetensors'),
    resume,
    minutes,
    threads: 1,
    batchSize: 4,
    learningRate: 1e-2,
    seed: 'test',
    now: () => {
      seconds += 0.05;
      return seconds;
    },
  };
  return pretrain(options);
}

test('the corpus becomes windows; a part is held out, a part is conversations that start a window', async () => {
  const { statistics } = data;
  expect(statistics.dataSha256).toBe(
    createHash('sha256')
      .update(await readFile(corpus))
      .digest('hex'),
  );
  expect(statistics.sources['source/1']).toMatchObject({ license: 'MIT', documents: 200 });
  expect(data.train.length % 33).toBe(0);
  expect(statistics.chatTokens / statistics.trainTokens).toBeGreaterThan(0.05);
  expect(statistics.heldOutTokens).toBeGreaterThan(100);
  const user = tokenizer.idOf('<|user|>');
  for (let at = statistics.trainTokens - statistics.chatTokens; at < statistics.trainTokens; at += 33) {
    expect(data.train[at]).toBe(user);
  }
  const again = await preparePretrainingData(corpus, tokenizer, 'a'.repeat(64), join(root, 'cache'), 32);
  expect(again).toEqual(data);
});

test('training lowers the held-out loss, resumes where it was, and leaves a model that opens', async () => {
  const first = await collect(run(0.25));
  const evaluations = first.filter((event) => event.type === 'eval');
  const done = first.at(-1)!;
  if (done.type !== 'done') throw new Error(`The last event was ${done.type}.`);
  expect(done.steps).toBeGreaterThan(40);
  expect(evaluations.at(-1)!.heldOutLoss).toBeLessThan(0.6 * Math.log(config.vocab_size));

  const longer = (await collect(run(0.5, true))).at(-1)!;
  if (longer.type !== 'done') throw new Error(`The last event was ${longer.type}.`);
  expect(longer.steps).toBeGreaterThan(done.steps + 40);
  expect(longer.history.length).toBeGreaterThan(done.history.length);
  expect(longer.history.at(-1)!.heldOutLoss).toBeLessThan(evaluations.at(-1)!.heldOutLoss + 0.05);

  const modelDir = join(root, 'tokenizer');
  await writeBaseModel(modelDir, config, longer.theta);
  const model = await openModelDir(modelDir);
  expect(model.config).toEqual(config);
  expect(model.weights.get('model.norm.weight')!.data[0]).toBeCloseTo(longer.theta.at(-config.hidden_size)!, 2);
  const { steps, tokens, seconds, machine, history } = longer;
  const facts = { name: 'tiny', config, statistics: data.statistics, steps, tokens, seconds, machine, history };
  const card = modelCard({ ...facts, samples: [{ prompt: 'the', text: 'the cat' }] });
  expect(card).toContain(`perplexity ${Math.exp(history.at(-1)!.heldOutLoss).toFixed(1)}`);
  expect(card).toContain('| MIT | 1 | 200 |');
});

async function collect(events: AsyncGenerator<PretrainEvent>): Promise<PretrainEvent[]> {
  const all: PretrainEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
