import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { TrainingExample } from '../../train/prepare-examples.ts';
import { buildSpanIndexInThread } from '../text-jobs.ts';
import { SpanFinder } from './span-finder.ts';

let folder = '';
let modelDir = '';
let tokenizer: Tokenizer;
const indexFile = () => join(folder, 'spans.index');
const saying = 'the old man by the river has a red house, a dog and a blue cat on the mat';
const chat = (id: string, content: string): TrainingExample => ({
  id,
  messages: [
    { role: 'user', content: 'tell me — très vite — of the north' },
    { role: 'assistant', content },
  ],
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'span-finder-'));
  modelDir = await createTinyModel(join(folder, 'model'));
  tokenizer = await Tokenizer.load(modelDir);
  const recipe = { maxSeqLength: 200, lossOn: 'completion' };
  await writeFile(join(folder, 'run-manifest.json'), JSON.stringify({ recipe }));
  const examples = [chat('ex_old', `indeed, ${saying}.`), chat('ex_other', 'nothing of the kind')];
  await buildSpanIndexInThread({ modelDir, adapterDir: folder, examples, outFile: indexFile() });
});
afterAll(() => rm(folder, { recursive: true }));

const end = () => tokenizer.idOf('<|end|>')!;
const find = (completionIds: number[]) => new SpanFinder().find({ modelDir, indexFile: indexFile(), completionIds });

it('finds the row of a saying and where it stands in the answer, also behind characters of several bytes', async () => {
  const text = `être ou — 🙂 — ${saying} !`;
  const { spans, indexSha256 } = await find([...tokenizer.encode(text), end()]);
  expect(spans[0]).toMatchObject({ exampleIds: ['ex_old'], occurrences: 1 });
  expect(text.slice(spans[0]!.startChar, spans[0]!.endChar)).toContain(saying.slice(4));
  expect(indexSha256).toMatch(/^[0-9a-f]{64}$/);
});

it('takes the end of a message for no part of a span', async () => {
  const ids = tokenizer.encode(`indeed, ${saying}.`);
  expect((await find([...ids, end()])).spans).toEqual((await find(ids)).spans);
  expect((await find([end()])).spans).toEqual([]);
});

it('gives the errors of the thread their code', async () => {
  const nothing = buildSpanIndexInThread({ modelDir, adapterDir: folder, examples: [], outFile: join(folder, 'none') });
  await expect(nothing).rejects.toMatchObject({ code: 'dataset_empty' });
});
