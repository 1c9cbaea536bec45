import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type APIRequestContext, expect } from '@playwright/test';
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
  await depositFromFaucet(owner.page, '4');

  const apiKey = await test.step('make a key: shown once', async () => {
    await owner.page.getByRole('button', { name: 'New key' }).click();
    const dialog = owner.page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('nightly report');
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
  const messages = [{ role: 'user' as const, content: 'What is phishing?' }];
  const ask = { model, messages, max_tokens: 16 };

  await test.step('the API describes itself', async () => {
    const document = await (await request.get('/api/v1/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const { post } = document.paths['/chat/completions'];
    const { properties, required } = post.requestBody.content['application/json'].schema;
    expect(required).toEqual(expect.arrayContaining(['model', 'messages']));
    expect(JSON.stringify(properties.temperature)).toContain('"maximum":2');
    expect(document.paths['/viewer/rows'].get.parameters.map(({ name }: { name: string }) => name)).toContain('offset');
  });

  await test.step('models are listed with their base', async () => {
    const ids: string[] = [];
    for await (const one of client.models.list()) ids.push(one.id);
    expect(ids).toContain(model);
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model', root: 'openledger-nano' });
  });

  await test.step('a whole answer, with what a client reads from its headers', async () => {
    const { data: answer, response } = await client.chat.completions.create(ask).withResponse();
    expect(answer.choices[0]?.message.role).toBe('assistant');
    expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(0);
    const { prompt_tokens, completion_tokens, total_tokens } = answer.usage!;
    expect(completion_tokens).toBeGreaterThan(0);
    expect(completion_tokens).toBeLessThanOrEqual(16);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(Number(response.headers.get('x-ratelimit-remaining-requests'))).toBeLessThan(
      Number(response.headers.get('x-ratelimit-limit-requests')),
    );
  });

  await test.step('a streamed answer ends as the whole one does', async () => {
    const same = { ...ask, temperature: 0 };
    const whole = await client.chat.completions.create(same);
    const stream = await client.chat.completions.create({
      ...same,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toBe(whole.choices[0]!.message.content);
    const finishes = chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []);
    expect(finishes).toEqual([whole.choices[0]!.finish_reason]);
    expect(chunks.filter(({ usage }) => usage)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)!.usage).toEqual(whole.usage);
  });

  await test.step('max_tokens, stop, seed and n do what they say', async () => {
    const short = await client.chat.completions.create({ ...ask, max_tokens: 3, temperature: 0 });
    expect(short.usage!.completion_tokens).toBeLessThanOrEqual(3);
    expect(short.choices[0]!.finish_reason).toBe('length');
    const whole = await client.chat.completions.create({ ...ask, temperature: 0 });
    const word = whole.choices[0]!.message.content!.split(/\s+/)[2]!;
    const cut = await client.chat.completions.create({ ...ask, temperature: 0, stop: word });
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'stop' });
    expect(cut.choices[0]!.message.content).not.toContain(word);
    const drawn = { ...ask, temperature: 1.2, seed: 11 };
    const [one, again, other] = await Promise.all(
      [drawn, drawn, { ...drawn, seed: 12 }].map((input) => client.chat.completions.create(input)),
    );
    expect(again!.choices[0]!.message.content).toBe(one!.choices[0]!.message.content);
    expect(other!.choices[0]!.message.content).not.toBe(one!.choices[0]!.message.content);
    const two = await client.chat.completions.create({ ...drawn, n: 2 });
    expect(two.choices.map(({ index }) => index)).toEqual([0, 1]);
    expect(two.choices.map(({ message }) => message.content)).toEqual([
      one!.choices[0]!.message.content,
      other!.choices[0]!.message.content,
    ]);
    expect(two.usage!.total_tokens).toBe(one!.usage!.total_tokens + other!.usage!.total_tokens);
  });

  await test.step('a text is gone on with, and has a vector', async () => {
    const text = await client.completions.create({ model, prompt: 'Phishing is', max_tokens: 6, logprobs: 1 });
    expect(text).toMatchObject({ object: 'text_completion' });
    expect(text.choices[0]!.logprobs!.tokens).toHaveLength(text.usage!.completion_tokens);
    let streamed = '';
    const chunks = await client.completions.create({ model, prompt: 'Phishing is', max_tokens: 6, stream: true });
    for await (const chunk of chunks) streamed += chunk.choices[0]!.text;
    expect(streamed.length).toBeGreaterThan(0);
    const { data } = await client.embeddings.create({ model, input: ['Phishing is', 'Phishing is', 'Rain in May'] });
    expect(data[0]!.embedding).toEqual(data[1]!.embedding);
    expect(data[0]!.embedding).not.toEqual(data[2]!.embedding);
  });

  await test.step('logprobs, and the adapter is hot now', async () => {
    const answer = await client.chat.completions.create({ ...ask, logprobs: true, top_logprobs: 2 });
    expect(answer.choices[0]?.logprobs?.content).toHaveLength(answer.usage!.completion_tokens);
    const { data } = await (await request.get('/api/v1/adapters')).json();
    expect(data).toContainEqual(expect.objectContaining({ model, state: 'hot', rank: expect.any(Number) }));
  });

  await test.step('who earns is told on demand, and adds up to everything', async () => {
    // Under one idempotency key it is one answer, however often it must be asked until it is attributed.
    const headers = { headers: { 'idempotency-key': `shares-${Date.now()}` } };
    await expect(async () => {
      const asked = client.chat.completions.create({ ...ask, attribution: 'shares' } as typeof ask, headers);
      const { openledger } = (await asked) as unknown as {
        openledger: { attribution: { status: string; shares: { share_ppm: number }[]; common_ppm: number } };
      };
      const { status, shares, common_ppm } = openledger.attribution;
      expect(status).toBe('issued');
      expect(shares.reduce((sum, share) => sum + share.share_ppm, common_ppm)).toBe(1_000_000);
    }).toPass({ timeout: 120_000 });
  });

  await test.step('the same idempotency key: the first answer, and no second charge', async () => {
    const headers = { headers: { 'idempotency-key': `nightly-${Date.now()}` } };
    const first = await client.chat.completions.create(ask, headers);
    expect(await client.chat.completions.create(ask, headers)).toMatchObject({ id: first.id, choices: first.choices });
    const other = client.chat.completions.create({ ...ask, max_tokens: 15 }, headers);
    await refused(other, 409, 'idempotency_mismatch', /another request/);
  });

  await test.step('who stops reading pays for what was written', async () => {
    const before = await feesOf(request, apiKey);
    const stream = await client.chat.completions.create({ ...ask, max_tokens: 150, temperature: 1.5, stream: true });
    let seen = 0;
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content && ++seen === 3) break;
    stream.controller.abort();
    await expect(async () => {
      const after = await feesOf(request, apiKey);
      expect(after.answers).toBe(before.answers + 1);
      expect(after.completion_tokens - before.completion_tokens).toBeGreaterThanOrEqual(3);
      expect(after.completion_tokens - before.completion_tokens).toBeLessThan(150);
    }).toPass({ timeout: 20_000 });
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
    const costly = client.chat.completions.create({ ...ask, max_tokens: 240, n: 8 });
    await refused(
      costly,
      402,
      'insufficient_deposit',
      /[\d.]+ OPEN free.*at most [\d.]+ OPEN.*[\d.]+ OPEN are missing/,
    );
    await refused(client.chat.completions.create({ ...ask, n: 9 }), 400, 'invalid_input', /n: .*from 1 to 8/);
    const tools = [{ type: 'function' as const, function: { name: 'look', parameters: {} } }];
    await refused(client.chat.completions.create({ ...ask, tools }), 400, 'invalid_input', /tools: is not supported/);
    await refused(
      client.chat.completions.create({ ...ask, messages: [] }),
      400,
      'invalid_input',
      /at least one message/,
    );
    await refused(client.get('/assistants'), 404, 'unknown_url', /Unknown request URL/);
    await refused(client.files.list(), 403, 'api_key_scope', /may not send files/);
  });

  await test.step('the calls on the API’s page run as they stand', async () => {
    await owner.page.goto('/docs');
    const snippets = await owner.page.locator('figure').evaluateAll((figures) =>
      figures.map((figure) => ({
        label: figure.querySelector('figcaption')!.firstChild!.textContent!,
        code: figure.querySelector('code')!.textContent!,
        section: figure.closest('section')!.id,
      })),
    );
    const toRun = snippets.filter(({ section }) => ['ask', 'stream', 'usage'].includes(section));
    expect(toRun.length).toBeGreaterThanOrEqual(7);
    await picture(owner.page, 'docs');
    for (const { label, code, section } of toRun) {
      const said = runSnippet(label, code, apiKey);
      if (said === null) test.info().annotations.push({ type: 'not run', description: `${label}: no client here` });
      else expect(said, `${section}, ${label}`).toMatch(section === 'usage' ? /"by_model":\[\{/ : /\w/);
      if (said !== null && section === 'stream') expect(said, `${section}, ${label}`).toMatch(/issued|attributing/);
    }
  });

  await test.step('too many at once are told when to come back', async () => {
    const calls = await Promise.allSettled(
      Array.from({ length: 140 }, () => client.chat.completions.create({ ...ask, model: 'no-such' })),
    );
    const limited = calls.flatMap((call) =>
      call.status === 'rejected' && call.reason.status === 429 ? [call.reason] : [],
    );
    expect(limited.length).toBeGreaterThan(0);
    expect(limited[0]).toMatchObject({ code: 'too_many_requests', type: 'rate_limit_error' });
    expect(Number(limited[0].headers.get('retry-after'))).toBeGreaterThan(0);
    expect(limited[0].headers.get('x-ratelimit-remaining-requests')).toBe('0');
  });

  await test.step('usage by key, and as a file', async () => {
    await owner.page.goto('/usage?days=7');
    await expect(owner.page.getByRole('table', { name: 'Usage by model and key' })).toContainText('nightly report');
    await picture(owner.page, 'usage');
    const csv = await (await owner.page.request.get('/api/v1/usage/csv?days=7')).text();
    const lines = csv.trim().split('\r\n');
    expect(lines[0]).toMatch(/^time,kind,id,receipt,model,key,/);
    expect(lines.length).toBeGreaterThan(15);
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

/** What the API says that the key's owner used today. */
async function feesOf(request: APIRequestContext, apiKey: string) {
  const headers = { authorization: `Bearer ${apiKey}` };
  // An answer lies between two readings: the server may close the idle connection just as the next goes out on it.
  const response = await request.get('/api/v1/usage?days=1', { headers, maxRetries: 2 });
  const { total } = (await response.json()) as { total: { answers: number; completion_tokens: number } };
  return total;
}

/** Runs a snippet as somebody would who copied it; null where its language has no client here. Throws with what it said. */
function runSnippet(label: string, code: string, apiKey: string): string | null {
  // Inside the project, where `openai` is found; Node strips no types under node_modules.
  const results = join(import.meta.dirname, '../test-results');
  mkdirSync(results, { recursive: true });
  const folder = mkdtempSync(join(results, 'snippet-'));
  const env = { ...process.env, OPENLEDGER_API_KEY: apiKey };
  const run = (command: string, args: string[]) => execFileSync(command, args, { env, encoding: 'utf8', cwd: folder });
  try {
    if (label === 'curl') return run('bash', ['-c', code]);
    if (label === 'TypeScript') {
      writeFileSync(join(folder, 'snippet.mts'), code);
      return run(process.execPath, ['snippet.mts']);
    }
    const hasClient = spawnSync('python3', ['-c', 'import openai'], { env }).status === 0;
    return hasClient ? run('python3', ['-c', code]) : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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
