import { join } from 'node:path';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { createLogger } from '#lib/platform/log.ts';
import { addressOf } from '#lib/serving/test-support/serving-fixture.ts';
import type { WorkerDeps } from '../deps.ts';
import { trainAdapterJob } from '../jobs/train-adapter.ts';
import { openClientWorld } from './test-support/client-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

const owner = addressOf(0x77);
let world: Awaited<ReturnType<typeof openClientWorld>>;
let client: OpenAI;
let stranger: OpenAI;

beforeAll(async () => {
  world = await openClientWorld();
  await world.reset();
  client = await world.clientOf(owner);
  stranger = await world.clientOf(addressOf(0x78));
}, 60_000);
afterAll(() => world?.close());

const colours = ['red', 'blue', 'green', 'white', 'black', 'brown'];
const things = [
  'barn behind the mill',
  'boat at the pier',
  'coat of the tailor',
  'door of the chapel',
  'fence by the road',
];
const lines = things.flatMap((thing, t) =>
  colours.map((colour, c) =>
    JSON.stringify({
      messages: [
        { role: 'user', content: `In year ${1900 + 7 * c + t}, which colour had the ${thing}?` },
        { role: 'assistant', content: `The ${thing} was ${colour} in year ${1900 + 7 * c + t}, as the ledger tells.` },
      ],
    }),
  ),
);
const upload = async (text: string) =>
  client.files.create({ file: await toFile(Buffer.from(text), 'answers.jsonl'), purpose: 'fine-tune' });
const train = async (runId: string) =>
  trainAdapterJob(
    {
      ...world.deps,
      env: { ...world.deps.env, ENGINE_THREADS: 1, MODELS_DIR: join(world.dir, 'models'), OBJECT_STORE_DIR: world.dir },
      log: createLogger('jobs', { LOG_LEVEL: 'silent', NODE_ENV: 'test' }),
      now: () => new Date(),
    } as unknown as WorkerDeps,
    { runId },
    new AbortController().signal,
  );
const refusal = (call: Promise<unknown>) => call.catch((error: unknown) => error);
const runOf = (job: object) => (job as { openledger: { run_id: string } }).openledger.run_id;

describe('the official openai client trains', () => {
  it('from a file to an answer of a model that its owner alone can ask', async () => {
    const file = await upload(lines.join('\n'));
    expect(file).toMatchObject({
      object: 'file',
      filename: 'answers.jsonl',
      purpose: 'fine-tune',
      status: 'processed',
    });
    expect(await (await client.files.content(file.id)).text()).toBe(lines.join('\n'));

    const wanted = { model: 'nano', training_file: file.id, suffix: 'ledger', seed: 7 };
    const hyperparameters = { n_epochs: 1, batch_size: 8, learning_rate_multiplier: 2 };
    const headers = { headers: { 'idempotency-key': 'the-first-job' } };
    const job = await client.fineTuning.jobs.create({ ...wanted, hyperparameters }, headers);
    expect(job).toMatchObject({
      object: 'fine_tuning.job',
      status: 'queued',
      model: 'nano',
      seed: 7,
      fine_tuned_model: null,
    });
    expect((await client.fineTuning.jobs.create({ ...wanted, hyperparameters }, headers)).id).toBe(job.id);

    await train(runOf(job));
    const done = await client.fineTuning.jobs.retrieve(job.id);
    expect(done).toMatchObject({ status: 'succeeded', error: null, hyperparameters });
    expect(done.trained_tokens).toBeGreaterThan(100);
    const model = done.fine_tuned_model!;
    expect(model).toMatch(/^ft-nano-ledger-/);

    const events = [];
    for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 3 })) events.push(event);
    expect(events.at(-1)!.message).toMatch(/^Training began: \d+ steps over \d+ tokens/);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.some(({ type }) => type === 'metrics')).toBe(true);
    const { data: jobs } = await client.fineTuning.jobs.list();
    expect(jobs.map(({ id }) => id)).toEqual([job.id]);

    const ask = { model, messages: [{ role: 'user' as const, content: 'Which colour had the barn?' }], max_tokens: 4 };
    const answer = await client.chat.completions.create(ask);
    expect(answer.usage!.completion_tokens).toBeGreaterThan(0);
    expect(answer).toMatchObject({ openledger: { fee_wei: '0', receipt_id: expect.stringMatching(/^rcp_/) } });
    expect(await world.database.db.select().from(inferences)).toMatchObject([
      { payer: null, apiKeyId: expect.stringMatching(/^key_/), attributionStatus: 'queued', channelId: null },
    ]);
    expect(await world.database.db.select().from(channels)).toEqual([]);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain(model);

    expect((await stranger.models.list()).data.map(({ id }) => id)).not.toContain(model);
    const refused = [
      stranger.models.retrieve(model),
      stranger.chat.completions.create(ask),
      stranger.fineTuning.jobs.retrieve(job.id),
      stranger.fineTuning.jobs.cancel(job.id),
      stranger.files.retrieve(file.id),
      stranger.files.delete(file.id),
      stranger.fineTuning.jobs.create({ model: 'nano', training_file: file.id }),
    ].map(refusal);
    for (const error of await Promise.all(refused)) expect(error).toMatchObject({ status: 404 });
  }, 60_000);

  it('may pause, go on with and end a job, and delete its file', async () => {
    const file = await upload(lines.map((line) => line.replaceAll('year', 'the year')).join('\n'));
    const { id } = await client.fineTuning.jobs.create({ model: 'nano', training_file: file.id });
    expect((await client.fineTuning.jobs.pause(id)).status).toBe('paused');
    expect((await client.fineTuning.jobs.resume(id)).status).toBe('queued');
    expect((await client.fineTuning.jobs.cancel(id)).status).toBe('cancelled');
    expect(await refusal(client.fineTuning.jobs.resume(id))).toMatchObject({ status: 409, code: 'run_state' });
    expect(await client.files.delete(file.id)).toMatchObject({ id: file.id, deleted: true });
    expect(await refusal(client.files.retrieve(file.id))).toMatchObject({ status: 404, code: 'file_not_found' });
    expect(await world.deps.store.exists(`training-files/${file.id}`)).toBe(false);
  });

  it('is told what is wrong with a file, a base and a setting', async () => {
    const wrong = upload(`${lines[0]}\n{"messages": [{"role": "user", "content": "only asks"}]}\nno JSON`);
    expect(await refusal(wrong)).toMatchObject({
      ...{ status: 400, code: 'training_file_invalid', param: 'file' },
      message: expect.stringMatching(/Line 2: Write it as .* Line 3: is not JSON/),
    });
    const { id } = await upload(lines.slice(0, 4).join('\n'));
    const create = (more: object) =>
      refusal(client.fineTuning.jobs.create({ model: 'nano', training_file: id, ...more }));
    expect(await create({ model: 'gpt-4o' })).toMatchObject({ status: 404, code: 'base_model_not_found' });
    expect(await create({ method: { type: 'dpo' } })).toMatchObject({ status: 400, param: 'method.type' });
    expect(await create({ validation_file: 'file_x' })).toMatchObject({ status: 400, param: 'validation_file' });
    expect(await create({})).toMatchObject({ status: 400, code: 'version_not_trainable' });
    const reader = await world.clientOf(owner, { scopes: ['ask'] });
    expect(await refusal(reader.files.list())).toMatchObject({ status: 403, code: 'api_key_scope' });
  });
});
