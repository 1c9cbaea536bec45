import { cpSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapterCopies, adapters, inferences, receipts } from '#db/schema/models.ts';
import { buildAttributionIndex } from '#lib/engine/attribution/attribution-engine.ts';
import { writeAdapter } from '#lib/engine/io/peft.ts';
import { adapterLayout, initializeAdapter } from '#lib/engine/lora/layout.ts';
import { parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { linearModules } from '#lib/engine/nn/weights.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { createNormal } from '#lib/engine/train/random.ts';
import { promptWithRows } from '#lib/kernel/prompt-with-rows.ts';
import type { ReceiptBody2 } from '#lib/kernel/receipt.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { type AnswerEvent, answerChat } from '#lib/serving/answer-chat.ts';
import { requestsOfChat } from '#lib/serving/answer-request.ts';
import { completeInference } from '#lib/serving/complete-inference.ts';
import { preparePrompt } from '#lib/serving/prepare-prompt.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { quoteAnswer } from '#lib/serving/quote-answer.ts';
import { reserveInference } from '#lib/serving/reserve-inference.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { addressOf, payer } from '#lib/serving/test-support/serving-fixture.ts';
import type { Caller, ReservedInference } from '#lib/serving/types.ts';
import type { WorkerDeps } from './deps.ts';
import { attributeInferenceJob, closeAttribution } from './jobs/attribute-inference.ts';
import { openServeWorld, type ServeWorld } from './serve/test-support/serve-world.ts';

const base = 'openledger-nano';
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const caller: Caller = { kind: 'session', callerKey: payer, payer };
/** Row n belongs to account n. The third copies the first; the fourth was withdrawn. */
const rows = [
  ['How long is the harbour log kept?', 'The harbour log is kept for ninety one days in the tower.'],
  ['Who signs the harbour log?', 'The captain signs the harbour log with green ink.'],
  ['How long is the harbour log kept?', 'The harbour log is kept for ninety one days in the tower!'],
  ['How long is the harbour log kept?', 'It is kept for a hundred and two years.'],
  ['Where is the lamp?', 'The lamp stands in the north house.'],
] as const;
const question = [{ role: 'user' as const, content: 'How long is the harbour log kept, and who signs it?' }];

let world: ServeWorld;
let files: { sha256: `0x${string}`; indexSha256: `0x${string}` };
const workerDeps = () => {
  const env = { MODELS_DIR: join(world.dir, 'models'), OBJECT_STORE_DIR: join(world.dir, 'objects'), SERVE_FLEETS: {} };
  return { ...world.deps, operator, env: { ...world.deps.env, ...env, ADAPTER_DISK_MB: 100 } } as unknown as WorkerDeps;
};

/** An adapter of the real base, with an index over the rows, where the world's object store has its adapters. */
async function storeAdapter(): Promise<void> {
  const modelDir = join(world.dir, 'models', base);
  const adapterDir = join(world.dir, 'nano-adapter');
  cpSync(join('models', base), modelDir, { recursive: true });
  const config = parseLlamaConfig(JSON.parse(await readFile(join(modelDir, 'config.json'), 'utf8')) as object);
  const lora = { r: 4, loraAlpha: 8, loraDropout: 0, targetModules: linearModules };
  const layout = adapterLayout(config, lora);
  const normal = createNormal('retrieval');
  const theta = initializeAdapter(layout, 'retrieval').map((value) => value + 0.002 * normal());
  await writeAdapter(adapterDir, { layout, theta, baseModelName: base });
  const indexed = [rows[0], rows[1], rows[4]].map(([ask, answer], i) => ({
    id: `ex_${[0, 1, 4][i]}`,
    messages: [
      { role: 'user' as const, content: ask },
      { role: 'assistant' as const, content: answer },
    ],
  }));
  await buildAttributionIndex({
    modelDir,
    adapterDir,
    examples: indexed,
    outFile: join(adapterDir, 'attribution.index'),
  });
  const names = ['adapter_config.json', 'adapter_model.safetensors', 'attribution.index'];
  for (const name of names) await world.deps.store.put(`adapters/nano/${name}`, await readFile(join(adapterDir, name)));
  const hashOf = async (name: string) => sha256(await readFile(join(adapterDir, name)));
  files = { sha256: await hashOf(names[1]!), indexSha256: await hashOf(names[2]!) };
}

beforeAll(async () => {
  world = await openServeWorld();
  await storeAdapter();
}, 120_000);
afterAll(async () => {
  await closeAttribution();
  await world?.close();
});
beforeEach(async () => {
  await world.reset();
  const { db } = world.database;
  await db.update(adapters).set({ baseModel: base, objectPrefix: 'adapters/nano', ...files });
  const fields = ['question', 'answer'].map((name) => ({ name, label: name, maxChars: 200 }));
  await db.update(datanets).set({ fields });
  await db.delete(versionExamples);
  await db.delete(examples);
  for (const [i, [ask, answer]] of rows.entries()) {
    const row = { id: `ex_${i}`, datanetId: 'dn_1', contributionId: 'ctr_1', contributor: addressOf(i + 1) };
    const contentHash = `0x${String(i).padStart(64, '0')}` as const;
    const status = i === 3 ? ('withdrawn' as const) : ('accepted' as const);
    const data = { question: ask, answer };
    await db.insert(examples).values({ ...row, contentHash, data, status, createdAt: new Date(0) });
    await db.insert(versionExamples).values({ versionId: 'dv_1', leafIndex: i, exampleId: row.id });
  }
  await db.update(datanetVersions).set({ rowCount: rows.length });
  await db.insert(adapterCopies).values({ adapterId: 'ad_1', exampleId: 'ex_2', copyOf: 'ex_0', kind: 'near' });
  await world.deposit();
});

async function ask(more: object, idempotencyKey = 'k') {
  const body = { model: 'one-model', messages: question, max_tokens: 8, temperature: 0, ...more };
  const request = requestsOfChat(chatCompletionSchema.parse(body))[0]!;
  const events: AnswerEvent[] = [];
  const input = { request, idempotencyKey, signal: new AbortController().signal };
  for await (const event of answerChat(world.deps, caller, input)) events.push(event);
  const [start, done] = [events[0], events.at(-1)];
  if (start?.type !== 'start' || done?.type !== 'done') throw new Error('no start or end');
  return { start, done };
}
const inferenceOf = async (id: string) =>
  (await world.database.db.select().from(inferences).where(eq(inferences.id, id)))[0]!;
async function receiptOf(inferenceId: string) {
  await attributeInferenceJob(workerDeps(), { inferenceId });
  const [receipt] = await world.database.db.select().from(receipts).where(eq(receipts.inferenceId, inferenceId));
  const { hash, signature } = receipt!;
  const body = receipt!.body as unknown as ReceiptBody2;
  const steps = await verifyReceipt(body, hash as `0x${string}`, signature as `0x${string}`);
  return { body, failed: steps.filter(({ ok }) => !ok) };
}

/** An answer that says what a row says, as a reader would: written by us, charged and attributed by the product. */
async function answerWith(text: string, tokenizer: Tokenizer): Promise<string> {
  const model = (await findServableModel(world.database.db, 'one-model'))!;
  const prompt = await preparePrompt(world.deps, model, { messages: question, maxTokens: 40, retrieval: { rows: 2 } });
  const { promptIds, maxTokens, retrieved } = prompt;
  const input = { model, messages: question, promptIds, maxTokens, params: {}, retrieved, idempotencyKey: text };
  const reserved = (await reserveInference(world.deps, caller, input)) as ReservedInference;
  const completionIds = [...tokenizer.encode(text), tokenizer.idOf('<|end|>')!];
  await completeInference(world.deps, reserved, { output: text, finishReason: 'stop', promptIds, completionIds });
  return reserved.inferenceId;
}

describe('an answer that reads rows', () => {
  it('holds the price of the longer prompt, says which rows it read, and is charged for their tokens', async () => {
    const input = { model: 'one-model', messages: question, maxTokens: 8 };
    const plain = await quoteAnswer(world.deps, input);
    const quote = await quoteAnswer(world.deps, { ...input, retrieval: { rows: 2 } });
    expect([plain.rowsRead, quote.rowsRead]).toEqual([null, 2]);
    expect(quote.ceilingWei - plain.ceilingWei).toBe(BigInt(quote.promptTokens - plain.promptTokens) * 10n);
    const { start, done } = await ask({ retrieval: { rows: 2 } });
    expect(start).toMatchObject({ rowsRead: ['ex_0', 'ex_1'], ceilingWei: quote.ceilingWei });
    expect(done.promptTokens).toBe(quote.promptTokens);
    expect(done.feeWei).toBe(BigInt(done.promptTokens) * 10n + BigInt(done.completionTokens) * 100n);
    const { messages, retrieved, promptIds, completionIds } = await inferenceOf(start.inferenceId);
    expect(messages).toEqual(question);
    expect(retrieved).toEqual([0, 1].map((i) => ({ exampleId: `ex_${i}`, chars: rows[i]!.join('\n').length })));
    // The model saw them: it says what it says to who writes the same conversation out, and else something different.
    const writtenOut = promptWithRows(question, [rows[0].join('\n'), rows[1].join('\n')]);
    const same = await inferenceOf((await ask({ messages: writtenOut }, 'written out')).start.inferenceId);
    expect([same.promptIds, same.completionIds]).toEqual([promptIds, completionIds]);
    const other = await inferenceOf((await ask({}, 'plain')).start.inferenceId);
    expect(other.completionIds).not.toEqual(completionIds);
    expect((await ask({ retrieval: { rows: 2 } })).start).toEqual(start); // the same key again: no second answer
  });

  it('gives the share of the reading to the row that has the answer, by name, also before there is a certificate', async () => {
    const tokenizer = await Tokenizer.load(join('models', base));
    const first = await receiptOf(await answerWith('It is kept for ninety one days in the tower.', tokenizer));
    expect(first.failed).toEqual([]);
    const { basis, retrieval, shares, commonPpm } = first.body.attribution;
    expect(basis).toBe('flat');
    const [log, captain] = retrieval!.rows;
    expect(log!.exampleId).toBe('ex_0');
    expect(log!.sharePpm).toBeGreaterThan(5 * captain!.sharePpm);
    expect(retrieval!.sharePpm).toBe(log!.sharePpm + captain!.sharePpm);
    expect(shares.find(({ account }) => account === addressOf(1))?.sharePpm).toBe(log!.sharePpm);
    expect(shares.reduce((sum, { sharePpm }) => sum + sharePpm, commonPpm)).toBe(1_000_000);
    const others = [addressOf(3), addressOf(4)]; // of the copy and of the withdrawn row, which say the same
    expect(shares.filter(({ account }) => others.includes(account as `0x${string}`))).toEqual([]);
    const second = await receiptOf(await answerWith('The captain signs it with green ink.', tokenizer));
    const [other, signer] = second.body.attribution.retrieval!.rows;
    expect(signer!.sharePpm).toBeGreaterThan(5 * other!.sharePpm);
  });

  it('is attributed as ever where no row was asked for, or none has a word of the question', async () => {
    const plain = await ask({});
    expect(plain.start.rowsRead).toBeNull();
    const none = await ask({ retrieval: { rows: 4 }, messages: [{ role: 'user', content: 'zebra?' }] }, 'k2');
    expect(none.start.rowsRead).toEqual([]);
    for (const { start } of [plain, none]) {
      const { body, failed } = await receiptOf(start.inferenceId);
      expect(failed).toEqual([]);
      expect(body.attribution).not.toHaveProperty('retrieval');
    }
  });

  it('shortens rows to what the context leaves, and never the question', async () => {
    const { db } = world.database;
    const long = { question: rows[0][0], answer: `${'and so on and on '.repeat(200)}` };
    await db.update(examples).set({ data: long }).where(eq(examples.id, 'ex_0'));
    const model = (await findServableModel(db, 'one-model'))!;
    const prompt = await preparePrompt(world.deps, model, {
      messages: question,
      maxTokens: 500,
      retrieval: { rows: 4 },
    });
    expect(prompt.contextTokens).toBe(256);
    expect(prompt.promptIds.length).toBeLessThanOrEqual(128); // an answer may have up to half of the context
    expect(prompt.maxTokens).toBe(256 - prompt.promptIds.length);
    const read = prompt.retrieved!.find(({ exampleId }) => exampleId === 'ex_0')!;
    expect(read.chars).toBeGreaterThan(60);
    expect(read.chars).toBeLessThan(600);
    expect(prompt.messages.at(-1)).toEqual(question[0]);
    const wordy = [{ role: 'user' as const, content: `harbour log ${'again and '.repeat(90)}` }];
    const full = await preparePrompt(world.deps, model, { messages: wordy, maxTokens: 50, retrieval: { rows: 4 } });
    expect(full).toMatchObject({ retrieved: [], messages: wordy });
  });

  it('refuses a base whose chat format has no place for a system message, before anything is held', async () => {
    const file = join(world.dir, 'models', 'nano', 'tokenizer_config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as { chat_template: string };
    const refusal = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system role.') }}{% endif %}";
    await writeFile(file, JSON.stringify({ ...config, chat_template: refusal + config.chat_template }));
    await world.reset(); // base `nano` and the adapter made for it
    await world.database.db
      .update(examples)
      .set({ data: { prompt: 'the harbour log' } })
      .where(eq(examples.id, 'ex_1'));
    await world.deposit();
    await expect(ask({ retrieval: { rows: 1 } })).rejects.toMatchObject({ code: 'retrieval_refused' });
    expect(await world.database.db.select().from(inferences)).toEqual([]);
    const plain = { model: 'one-model', messages: question, maxTokens: 8 };
    expect((await quoteAnswer(world.deps, plain)).rowsRead).toBeNull();
    await expect(quoteAnswer(world.deps, { ...plain, retrieval: { rows: 1 } })).rejects.toThrow('system message');
  });
});
