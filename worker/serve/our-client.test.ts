import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { payer } from '#lib/serving/test-support/serving-fixture.ts';
import { ApiError } from '../../lib/client/api-error.ts';
import { OpenLedger } from '../../lib/client/open-ledger.ts';
import { openClientWorld, viaRoutes } from './test-support/client-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

let world: Awaited<ReturnType<typeof openClientWorld>>;
let ledger: OpenLedger;

beforeAll(async () => {
  world = await openClientWorld();
  await world.reset();
  await world.deposit();
  const { apiKey } = await world.clientOf(payer);
  ledger = new OpenLedger({ url: 'http://localhost/', apiKey: apiKey!, fetch: viaRoutes as typeof fetch });
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
