import { createHash } from 'node:crypto';
import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type LlamaConfig, parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { parameterCount, weightViews } from '#lib/engine/nn/weights.ts';
import { renderChat, stopIds } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { createSampler } from '#lib/engine/train/generate.ts';
import { modelCard } from '#lib/engine/train/model-card.ts';
import { type PretrainEvent, pretrain } from '#lib/engine/train/pretrain.ts';
import { preparePretrainingData } from '#lib/engine/train/pretrain-data.ts';
import { writeBaseModel } from '#lib/engine/train/write-base-model.ts';

const usage = `npm run pretrain -- --data <file.jsonl.gz> [--out models/openledger-nano] [--minutes 65] [--threads 2] [--resume]
  --tokenizer <folder>  where tokenizer.json is (default: --out; train one with scripts/train-tokenizer.ts)
  --cache <folder>      checkpoints and tokenised corpus (default: .cache/pretrain)
  --config <file>       another Llama configuration than the 2.08 M parameters of openledger-nano, as a config.json
  --prepare             only tokenise and write the configuration, for scripts/pretrain-gpu.py; finish with --resume`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'models/openledger-nano' },
    tokenizer: { type: 'string' },
    cache: { type: 'string', default: '.cache/pretrain' },
    minutes: { type: 'string', default: '65' },
    threads: { type: 'string', default: '2' },
    resume: { type: 'boolean', default: false },
    prepare: { type: 'boolean', default: false },
    config: { type: 'string' },
  },
});
const [minutes, threads] = [Number(values.minutes), Number(values.threads)];
if (!values.data || !(minutes > 0) || !(Number.isInteger(threads) && threads > 0)) {
  console.error(`Usage: ${usage}`);
  process.exit(2);
}
const tokenizerDir = values.tokenizer ?? values.out;
const tokenizer = await Tokenizer.load(tokenizerDir);
const tokenizerHash = createHash('sha256')
  .update(await readFile(join(tokenizerDir, 'tokenizer.json')))
  .digest('hex');
const config = values.config
  ? parseLlamaConfig(JSON.parse(await readFile(values.config, 'utf8')))
  : nanoConfig(tokenizer.vocabularySize);
const data = await preparePretrainingData(
  values.data,
  tokenizer,
  tokenizerHash,
  values.cache,
  config.max_position_embeddings,
);
const { trainTokens, chatTokens, heldOutTokens } = data.statistics;
console.log(
  `${parameterCount(config)} parameters, ${trainTokens} tokens (${chatTokens} chat), ${heldOutTokens} held out`,
);

await mkdir(values.cache, { recursive: true });
const name = basename(values.out);
const logFile = join(values.cache, `${name}-log.jsonl`);
if (values.prepare) {
  await writeFile(join(values.cache, `${name}-config.json`), JSON.stringify(config, null, 2));
  console.log(`${values.cache} is ready for scripts/pretrain-gpu.py`);
  process.exit(0);
}
if (!values.resume) await writeFile(logFile, '');
const run = pretrain({
  config,
  data,
  checkpointFile: join(values.cache, `${name}.safetensors`),
  resume: values.resume,
  minutes,
  threads,
  batchSize: 8,
  learningRate: 6e-3,
  seed: 'openledger-nano',
  now: () => performance.now() / 1000,
});
for await (const event of run) {
  if (event.type === 'done') await finish(event);
  else {
    await appendFile(logFile, `${JSON.stringify(event)}\n`);
    console.log(progressLine(event));
  }
}

/** 2.08 M parameters: what an hour on two cores can feed with some tokens a parameter (the engine's reference, §8). */
function nanoConfig(vocabularySize: number): LlamaConfig {
  return parseLlamaConfig({
    model_type: 'llama',
    hidden_size: 160,
    num_hidden_layers: 5,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    intermediate_size: 432,
    vocab_size: vocabularySize,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    tie_word_embeddings: true,
    max_position_embeddings: 256,
    bos_token_id: 0,
    eos_token_id: 0,
  });
}

function progressLine(event: Exclude<PretrainEvent, { type: 'done' }>): string {
  if (event.type === 'eval') return `step ${event.step}  held-out loss ${event.heldOutLoss.toFixed(4)}`;
  if (event.type === 'checkpoint') return `step ${event.step}  checkpoint ${event.file}`;
  const { step, tokens, loss, learningRate, tokensPerSecond, etaSeconds } = event;
  const millions = (tokens / 1e6).toFixed(2);
  const speed = `${tokensPerSecond.toFixed(0)} tok/s  ETA ${(etaSeconds / 60).toFixed(1)} min`;
  return `step ${step}  ${millions}M tokens  loss ${loss.toFixed(4)}  lr ${learningRate.toExponential(2)}  ${speed}`;
}

async function finish(done: Extract<PretrainEvent, { type: 'done' }>): Promise<void> {
  const { theta, steps, tokens, seconds, machine, history } = done;
  const samples = await drawSamples(theta);
  await mkdir(values.out, { recursive: true });
  if (tokenizerDir !== values.out) {
    for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
      await copyFile(join(tokenizerDir, file), join(values.out, file));
    }
  }
  await writeBaseModel(values.out, config, theta);
  const { statistics } = data;
  const card = modelCard({ name, config, statistics, steps, tokens, seconds, machine, history, samples });
  await writeFile(join(values.out, 'README.md'), card);
  await copyFile(logFile, join(values.out, 'training-log.jsonl'));
  console.log(`${values.out} written: ${tokens} tokens, held-out loss ${history.at(-1)?.heldOutLoss.toFixed(4)}`);
}

async function drawSamples(theta: Float32Array): Promise<{ prompt: string; text: string }[]> {
  const sampler = await createSampler(config, null, threads);
  const weights = weightViews(config, theta);
  const samples: { prompt: string; text: string }[] = [];
  const prompts = [
    'The purpose of this section is',
    'It was a cold evening, and',
    'What is a security policy?',
    'Explain open source.',
  ];
  for (const prompt of prompts) {
    const isQuestion = /^(What|Explain)/.test(prompt);
    const promptIds = isQuestion
      ? renderChat(tokenizer, [{ role: 'user', content: prompt }], { addGenerationPrompt: true }).ids
      : [0, ...tokenizer.encode(prompt)];
    const request = { promptIds, maxTokens: 80, temperature: 0.7, stopIds: stopIds(tokenizer), seed: prompt };
    const text = tokenizer.decode(await sampler.continue(weights, null, request));
    samples.push({ prompt, text: isQuestion ? text : `${prompt}${text}` });
  }
  await sampler.release();
  return samples;
}
