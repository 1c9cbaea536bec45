import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readGenerationDefaults } from './generation-config.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'generation-config-'));
});
afterAll(() => rm(dir, { recursive: true }));

const silent = { temperature: null, topP: null, topK: null, repetitionPenalty: null, eosTokenIds: [] };

it('has no opinion where the files have none', async () => {
  expect(await readGenerationDefaults(dir)).toEqual(silent);
});

it('joins the end tokens of both files, and takes refused sampling as greedy', async () => {
  await writeFile(join(dir, 'config.json'), JSON.stringify({ eos_token_id: [5, 2] }));
  await writeFile(
    join(dir, 'generation_config.json'),
    JSON.stringify({ eos_token_id: 2, do_sample: false, temperature: 0.6, top_k: 20 }),
  );
  expect(await readGenerationDefaults(dir)).toEqual({ ...silent, temperature: 0, topK: 20, eosTokenIds: [2, 5] });
});

it.each([
  ['[', 'generation_config.json is not JSON.'],
  ['7', 'generation_config.json is not a JSON object.'],
  ['{"temperature": -1}', 'generation_config.json: temperature is -1, out of its range.'],
  ['{"top_p": "0.9"}', 'generation_config.json: top_p is "0.9", out of its range.'],
])('refuses %s by name', async (text, message) => {
  await writeFile(join(dir, 'generation_config.json'), text);
  await expect(readGenerationDefaults(dir)).rejects.toThrow(message);
});
