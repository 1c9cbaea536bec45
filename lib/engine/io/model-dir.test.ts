import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weightSpecs } from '../nn/weights.ts';
import { inspectModelDir, openModelDir } from './model-dir.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { createTinyModel, tinyConfig } from './test-support/tiny-model.ts';

let root = '';
let modelDir = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-dir-'));
  modelDir = await createTinyModel(join(root, 'model'));
});
afterAll(() => rm(root, { recursive: true }));

async function variant(name: string, change: (dir: string) => Promise<void>): Promise<string> {
  const dir = join(root, name);
  await cp(modelDir, dir, { recursive: true });
  await change(dir);
  return dir;
}

const editJson = (file: string, fields: object) => async (dir: string) => {
  const json = JSON.parse(await readFile(join(dir, file), 'utf8'));
  await writeFile(join(dir, file), JSON.stringify({ ...json, ...fields }));
};

describe('openModelDir', () => {
  it('loads one file and several shards to the same weights', async () => {
    const single = await openModelDir(modelDir);
    expect([...single.weights.keys()].sort()).toEqual(
      weightSpecs(tinyConfig)
        .map((spec) => spec.name)
        .sort(),
    );
    const sharded = await variant('sharded', async (dir) => {
      const { tensors } = await readSafetensors(join(dir, 'model.safetensors'));
      const names = [...tensors.keys()];
      const map: Record<string, string> = {};
      for (const [i, part] of [names.slice(0, 3), names.slice(3)].entries()) {
        const shard = `model-0000${i + 1}-of-00002.safetensors`;
        await writeSafetensors(join(dir, shard), new Map(part.map((name) => [name, tensors.get(name)!])), {
          dtype: 'F32',
        });
        for (const name of part) map[name] = shard;
      }
      await rm(join(dir, 'model.safetensors'));
      await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    });
    expect(new Map([...(await openModelDir(sharded)).weights].sort())).toEqual(new Map([...single.weights].sort()));
  });

  it.each<[string, (dir: string) => Promise<void>, RegExp]>([
    ['gemma', editJson('config.json', { architectures: ['GemmaForCausalLM'] }), /GemmaForCausalLM is not supported/],
    ['quantised', editJson('config.json', { quantization_config: { bits: 4 } }), /quantised weights are not supported/],
    ['gelu', editJson('config.json', { hidden_act: 'gelu' }), /activation "gelu" is not supported/],
    ['yarn', editJson('config.json', { rope_parameters: { rope_type: 'yarn' } }), /rope_type "yarn" is not supported/],
    ['wide', editJson('config.json', { intermediate_size: 96 }), /gate_proj.weight has shape \[64,32\].*\[96,32\]/],
    ['deep', editJson('config.json', { num_hidden_layers: 3 }), /no tensor model\.layers\.2/],
    ['no-weights', (dir) => rm(join(dir, 'model.safetensors')), /weight file model\.safetensors is missing/],
    ['cut', (dir) => truncate(join(dir, 'model.safetensors'), 20_000), /truncated/],
    ['no-config', (dir) => rm(join(dir, 'config.json')), /no readable config\.json/],
    [
      'escape',
      async (dir) => {
        await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: '../x' } }));
      },
      /names "\.\.\/x", which is no file name/,
    ],
  ])('refuses the %s folder by what is wrong with it', async (name, change, message) => {
    await expect(inspectModelDir(await variant(name, change))).rejects.toThrow(message);
  });
});

it('takes rope_theta from where newer files keep it', async () => {
  const rope = { rope_type: 'default', rope_theta: 500_000 };
  const dir = await variant('rope', editJson('config.json', { rope_theta: undefined, rope_parameters: rope }));
  expect((await inspectModelDir(dir)).config.rope_theta).toBe(500_000);
});
