import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import type { Env } from '#lib/platform/env.ts';
import { getBaseModel } from './get-base-model.ts';
import { listBaseModels } from './list-base-models.ts';

let root = '';
const deps = () => ({ env: { MODELS_DIR: root } as Env });
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'base-models-'));
  await createTinyModel(join(root, 'good'));
  await createTinyModel(join(root, 'other'));
  await mkdir(join(root, 'notes'));
});
afterAll(() => rm(root, { recursive: true }));

it('says of a base without weights that GPU servers have it', async () => {
  await createTinyModel(join(root, 'big'));
  await rm(join(root, 'big', 'model.safetensors'));
  const env = { MODELS_DIR: root, SERVE_FLEETS: { big: {} } } as unknown as Env;
  const { refused } = await listBaseModels({ env });
  expect(refused).toEqual([{ name: 'big', problems: [expect.stringContaining('GPU servers serve this base')] }]);
  await rm(join(root, 'big'), { recursive: true });
});

it('offers what the engine runs and lists the rest with its reasons, as soon as files change', async () => {
  expect(await listBaseModels(deps())).toMatchObject({ offered: [{ name: 'good' }, { name: 'other' }], refused: [] });
  const path = join(root, 'other', 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...config, architectures: ['MixtralForCausalLM'], num_local_experts: 8 }));
  const { offered, refused } = await listBaseModels(deps());
  expect(offered).toMatchObject([
    { name: 'good', contextTokens: 96, architecture: 'LlamaForCausalLM', storedAs: 'F32', shape: { headDim: 8 } },
  ]);
  expect(refused).toEqual([{ name: 'other', problems: [expect.stringContaining('MixtralForCausalLM')] }]);
  await expect(getBaseModel(deps(), 'other')).rejects.toMatchObject({
    code: 'base_model_refused',
    message: expect.stringContaining('a mixture of 8 experts'),
  });
  await expect(getBaseModel(deps(), 'none')).rejects.toMatchObject({ code: 'base_model_not_found' });
  expect((await getBaseModel(deps(), 'good')).parameters).toBeGreaterThan(0);
});
