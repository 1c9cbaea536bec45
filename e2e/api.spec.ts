import { expect } from '@playwright/test';
import OpenAI from 'openai';
import { liveModel } from './support/live-model.ts';
import { depositFromFaucet } from './support/pay.ts';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

const picture = picturesOf('api');

/** The official client from npm, with a key made in the UI: answers, and refusals as its user sees them. */
test('the openai client asks with a key made in the browser', async ({ person, request, baseURL }) => {
  const model = await liveModel(request);
  const owner = await person(23);
  await giveGas(owner.address);
  await owner.page.goto('/');
  await signIn(owner.page, owner.address);
  await depositFromFaucet(owner.page, '0.25');

  const apiKey = await test.step('make a key: shown once', async () => {
    await owner.page.getByRole('button', { name: 'New key' }).click();
    const dialog = owner.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('nightly report');
    await dialog.getByLabel('Budget in OPEN').fill('5');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    const key = await dialog.locator('figure', { hasText: 'API key' }).locator('code').innerText();
    await picture(owner.page, 'key-shown-once');
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await expect(owner.page.getByRole('row', { name: /nightly report/ })).toBeVisible();
    await owner.page.reload();
    expect(await owner.page.content()).not.toContain(key);
    return key;
  });

  const client = new OpenAI({ baseURL: `${baseURL}/api/v1`, apiKey, maxRetries: 0 });
  const ask = { model, messages: [{ role: 'user' as const, content: 'What is phishing?' }], max_tokens: 16 };

  await test.step('the API describes itself', async () => {
    const document = await (await request.get('/api/v1/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const { post } = document.paths['/chat/completions'];
    const { properties, required } = post.requestBody.content['application/json'].schema;
    expect(required).toEqual(expect.arrayContaining(['model', 'messages']));
    expect(JSON.stringify(properties.temperature)).toContain('"maximum":2');
    expect(document.paths['/viewer/rows'].get.parameters.map(({ name }: { name: string }) => name)).toContain('offset');
  });

  await test.step('models are listed', async () => {
    const ids: string[] = [];
    for await (const one of client.models.list()) ids.push(one.id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
  });

  await test.step('a whole answer', async () => {
    const answer = await client.chat.completions.create(ask);
    expect(answer.choices[0]?.message.role).toBe('assistant');
    expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(0);
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage!;
    expect(completion_tokens).toBeGreaterThan(0);
    expect(completion_tokens).toBeLessThanOrEqual(16);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
  });

  await test.step('a streamed answer', async () => {
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let finish: string | null = null;
    let completionTokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      completionTokens = chunk.usage?.completion_tokens ?? completionTokens;
    }
    expect(text.length).toBeGreaterThan(0);
    expect(finish).toMatch(/^(stop|length)$/);
    expect(completionTokens).toBeGreaterThan(0);
  });

  await test.step('logprobs, and the adapter is hot now', async () => {
    const answer = await client.chat.completions.create({ ...ask, logprobs: true, top_logprobs: 2 });
    expect(answer.choices[0]?.logprobs?.content).toHaveLength(answer.usage!.completion_tokens);
    const { data } = await (await request.get('/api/v1/adapters')).json();
    expect(data).toContainEqual(expect.objectContaining({ model, state: 'hot', rank: expect.any(Number) }));
  });

  await test.step('refusals name the cause', async () => {
    const stranger = new OpenAI({ baseURL: `${baseURL}/api/v1`, apiKey: 'olk_wrong', maxRetries: 0 });
    await refused(stranger.chat.completions.create(ask), 401, 'invalid_api_key', /API key is not valid/);
    await refused(client.chat.completions.create({ ...ask, model: 'no-such' }), 404, 'model_not_found', /"no-such"/);
    const long = [{ role: 'user' as const, content: 'threat '.repeat(400) }];
    await refused(
      client.chat.completions.create({ ...ask, messages: long }),
      400,
      'context_length_exceeded',
      /\d+ tokens.*256 tokens.*Shorten them by at least \d+/,
    );
    const costly = client.chat.completions.create({ ...ask, max_tokens: 200 });
    await refused(
      costly,
      402,
      'insufficient_deposit',
      /[\d.]+ OPEN free.*at most [\d.]+ OPEN.*[\d.]+ OPEN are missing/,
    );
    await refused(client.chat.completions.create({ ...ask, n: 2 }), 400, 'invalid_input', /n must be 1/);
    await refused(
      client.chat.completions.create({ ...ask, messages: [] }),
      400,
      'invalid_input',
      /at least one message/,
    );
  });

  await test.step('the page shows what the key spent, and a revoked key is refused', async () => {
    await owner.page.goto('/keys');
    const row = owner.page.getByRole('row', { name: /nightly report/ });
    await expect(row).toContainText(/0\.\d*[1-9]\d*\s*OPEN/);
    await row.getByRole('button', { name: 'Revoke' }).click();
    await owner.page.getByRole('button', { name: 'Revoke the key' }).click();
    await expect(row).toContainText('revoked');
    await picture(owner.page, 'key-revoked');
    await refused(client.chat.completions.create(ask), 401, 'invalid_api_key', /API key is not valid/);
  });
});

async function refused(call: Promise<unknown>, status: number, code: string, message: RegExp): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(OpenAI.APIError);
  const { status: actual, code: actualCode, message: text } = error as InstanceType<typeof OpenAI.APIError>;
  expect({ status: actual, code: actualCode }).toEqual({ status, code });
  expect(text).toMatch(message);
}
