import { expect } from '@playwright/test';
import OpenAI, { toFile } from 'openai';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

const picture = picturesOf('api-training');

/** Rows that a small model can learn: the training sample, as OpenAI's chat lines. */
function chatLines(): string {
  const people = ['Ada', 'Bela', 'Cem', 'Dora', 'Emil', 'Fanny', 'Goran', 'Hana', 'Ivo', 'Jana'];
  const places = ['the harbour', 'the mill', 'the old bridge', 'the north gate'];
  return people
    .flatMap((person, i) =>
      places.map((place, k) =>
        JSON.stringify({
          messages: [
            { role: 'user', content: `Where does ${person} keep lamp ${i * 4 + k + 1}?` },
            {
              role: 'assistant',
              content: `${person} keeps lamp ${i * 4 + k + 1} at ${place}, as the log of ${1900 + i} says.`,
            },
          ],
        }),
      ),
    )
    .join('\n');
}

/** The official client trains here as it trains at OpenAI: from a file to an answer, and nobody else sees any of it. */
test('the openai client trains a model and asks it', async ({ person, baseURL }) => {
  const owner = await person(27);
  await giveGas(owner.address);
  await owner.page.goto('/');
  await signIn(owner.page, owner.address);

  const apiKey = await test.step('make a key that may train', async () => {
    await owner.page.goto('/keys');
    await owner.page.getByRole('button', { name: 'New key' }).click();
    const dialog = owner.page.getByRole('dialog');
    await dialog.getByLabel('Name', { exact: true }).fill('trainer');
    await dialog.getByLabel('Budget in OPEN').fill('1');
    await dialog.getByLabel('Send files and train').check();
    await picture(owner.page, 'key-scopes');
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    return dialog.locator('figure', { hasText: 'API key' }).locator('code').innerText();
  });
  const client = new OpenAI({ baseURL: `${baseURL}/api/v1`, apiKey, maxRetries: 0 });

  const job = await test.step('a file, a job, its events', async () => {
    const file = await client.files.create({
      file: await toFile(Buffer.from(chatLines()), 'lamps.jsonl'),
      purpose: 'fine-tune',
    });
    expect(await (await client.files.content(file.id)).text()).toBe(chatLines());
    const started = await client.fineTuning.jobs.create({
      model: 'openledger-nano',
      training_file: file.id,
      suffix: 'lamps',
      seed: 3,
      method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 2 } } },
    });
    expect(['queued', 'running']).toContain(started.status);
    let now = started;
    await expect(async () => {
      now = await client.fineTuning.jobs.retrieve(started.id);
      expect(now.error).toBeNull();
      expect(now).toMatchObject({ status: 'succeeded', fine_tuned_model: expect.stringMatching(/^ft-/) });
    }).toPass({ timeout: 5 * 60_000, intervals: [2_000] });
    const events = [];
    for await (const event of client.fineTuning.jobs.listEvents(started.id)) events.push(event.message);
    expect(events.at(-1)).toMatch(/^Training began/);
    return now;
  });

  await test.step('its owner asks it for nothing, and the receipt is issued', async () => {
    const model = job.fine_tuned_model!;
    const ask = {
      model,
      messages: [{ role: 'user' as const, content: 'Where does Ada keep lamp 1?' }],
      max_tokens: 12,
    };
    const headers = { headers: { 'idempotency-key': `lamp-${Date.now()}` } };
    await expect(async () => {
      const asked = client.chat.completions.create({ ...ask, attribution: 'shares' } as typeof ask, headers);
      expect((await asked) as unknown).toMatchObject({
        openledger: { fee_wei: '0', attribution: { status: 'issued' } },
      });
    }).toPass({ timeout: 120_000 });
    const stranger = new OpenAI({ baseURL: `${baseURL}/api/v1`, apiKey: 'unused', maxRetries: 0, fetch: withoutKey });
    expect((await stranger.models.list()).data.map(({ id }) => id)).not.toContain(model);
    const refusal = await stranger.chat.completions.create(ask).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 404, code: 'model_not_found' });
    await owner.page.goto(`/models/${model}`);
    await expect(owner.page.getByRole('heading', { level: 1 })).not.toContainText('openledger-nano lamps');
  });
});

/** A visitor: the client insists on a key, so it is taken off on the way. */
const withoutKey: typeof fetch = (url, init) => {
  const headers = new Headers(init?.headers);
  headers.delete('authorization');
  return fetch(url, { ...init, headers });
};
