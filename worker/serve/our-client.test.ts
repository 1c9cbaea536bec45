import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { verifyTask } from '#lib/kernel/task/verify-task.ts';
import { deployment, insertEvent, payer } from '#lib/serving/test-support/serving-fixture.ts';
import { findTask } from '#lib/tasks/queries.ts';
import { ApiError } from '../../lib/client/api-error.ts';
import { OpenLedger } from '../../lib/client/open-ledger.ts';
import { openClientWorld } from './test-support/client-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

let world: Awaited<ReturnType<typeof openClientWorld>>;
let ledger: OpenLedger;

beforeAll(async () => {
  world = await openClientWorld();
  await world.reset();
  await world.deposit();
  const { apiKey } = await world.clientOf(payer);
  ledger = new OpenLedger({ url: 'http://localhost/', apiKey: apiKey!, fetch: world.inTurn as typeof fetch });
}, 60_000);
afterAll(() => world?.close());

const ask = { model: 'one-model', messages: [{ role: 'user' as const, content: 'what colour is the river?' }] };

it('streams an answer with its record, whole and in parts, and lists models', async () => {
  const whole = await ledger.chat({ ...ask, max_tokens: 5, temperature: 0 });
  expect(whole).toMatchObject({ completionTokens: 5, finishReason: 'length' });
  expect(whole.record).toMatchObject({
    receipt_id: expect.stringMatching(/^rcp_/),
    fee_wei: expect.stringMatching(/^\d+$/),
  });
  let text = '';
  for await (const part of ledger.stream({ ...ask, max_tokens: 5, temperature: 0 })) text += part;
  expect(text).toBe(whole.text);
  expect((await ledger.models()).map(({ id, root }) => [id, root])).toEqual([['one-model', 'nano']]);
});

it('tells a refusal by its code, and when to come back', async () => {
  const error = await ledger.chat({ ...ask, model: 'none' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, code: 'model_not_found', retryAfterSeconds: null });
  world.lifecycle.state = 'draining';
  const full = await ledger.chat(ask).catch((reason: unknown) => reason);
  world.lifecycle.state = 'taking';
  expect(full).toMatchObject({ status: 503, code: 'serve_overloaded', retryAfterSeconds: 3 });
});

it('sends a file to train on and follows the job', async () => {
  const lines = Array.from({ length: 24 }, (_, i) =>
    JSON.stringify({
      prompt: `Who keeps lamp ${i} at the harbour?`,
      completion: `Lamp ${i} is kept by watchman ${i * 7} of pier ${i}.`,
    }),
  );
  const file = await ledger.uploadTrainingFile(Buffer.from(lines.join('\n')), 'lamps.jsonl');
  expect(file.openledger.rows).toBe(24);
  const job = await ledger.train({ model: 'nano', training_file: file.id, hyperparameters: { n_epochs: 1 } });
  expect(job).toMatchObject({ status: 'queued', fine_tuned_model: null });
  expect(await ledger.jobEvents(job.id)).toEqual([]);
  expect((await ledger.cancelJob(job.id)).status).toBe('cancelled');
});

it('sends rows into a Datanet, and goes on with the same upload under the same key', async () => {
  const bytes = Buffer.from('{"prompt": "one"}\n{"prompt": "two"}\n');
  const file = { name: 'rows.jsonl', bytes, idempotencyKey: 'push:rows-1' };
  const upload = await ledger.push('one', file);
  expect(upload).toMatchObject({ size_bytes: bytes.length, received_bytes: bytes.length, failure: null });
  expect((await ledger.push('one', file)).id).toBe(upload.id);
  expect((await ledger.upload(upload.id)).rows).toEqual({ new: 0, duplicate: 0, held: 0, invalid: 0 });
});

it('opens a task, asks within it, and closes it with a receipt that anybody can check', async () => {
  const { db } = world.database;
  const wallet = privateKeyToAccount(`0x${'a'.repeat(64)}`);
  const app = wallet.address.toLowerCase() as `0x${string}`;
  const [channel, salt] = [`0x${'ab'.repeat(32)}`, `0x${'cd'.repeat(32)}`] as const;
  const opened = { id: channel, payer: app, receiver: deployment.addresses.revenueRouter, signer: app };
  await insertEvent(db, 50, 'inferenceChannels', 'Opened', channel, { ...opened, delay: '3600', salt });
  const amount = { amount: '100000', balance: '100000' };
  await insertEvent(db, 51, 'inferenceChannels', 'Deposited', channel, { id: channel, from: app, ...amount });
  const money = { chargedWei: 0n, reservedWei: 0n, voucherWei: 100_000n, updatedAt: new Date() };
  await db.insert(channels).values({ id: channel, payer: app, signer: app, ...money });

  const { apiKey } = await world.clientOf(app);
  const agent = new OpenLedger({ url: 'http://localhost/', apiKey: apiKey!, fetch: world.inTurn as typeof fetch });
  const signer = {
    address: wallet.address,
    sign: (hash: `0x${string}`) => wallet.signMessage({ message: { raw: hash } }),
  };
  const work = { name: 'Río & Söhne', request: 'what colour?', salt };
  const { task } = await agent.openTask(work, signer);
  const within = { ...ask, max_tokens: 3, task: task.id };
  await expect(ledger.chat(within)).rejects.toMatchObject({ status: 403, code: 'task_forbidden' });
  await agent.chat(within);
  expect((await agent.task(task.id)).calls.waiting).toBe(1);
  await db.update(inferences).set({ attributionStatus: 'failed' }); // no worker runs here: it will have no receipt
  const closed = await agent.closeTask(task.id, { outcome: 'done', output: 'blue', salt }, signer);
  expect(closed.receipt?.body).toMatchObject({ calls: [], costWei: '0', feeWei: '0' });
  const states: string[] = [];
  const source = { task: (id: string) => findTask(db, id), receipt: async () => null };
  for await (const { state } of verifyTask(task.id, source)) states.push(state);
  expect(new Set(states)).toEqual(new Set(['ok']));
  await expect(agent.chat(within)).rejects.toMatchObject({ status: 409, code: 'task_closed' });
});
