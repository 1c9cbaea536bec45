import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterLayout, initializeAdapter } from '../lora/layout.ts';
import { weightSpecs } from '../nn/weights.ts';
import { inspectModelDir, openModelDir } from './model-dir.ts';
import { readAdapter, writeAdapter } from './peft.ts';
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

describe('PEFT adapters', () => {
  const layout = adapterLayout(tinyConfig, {
    r: 4,
    loraAlpha: 8,
    loraDropout: 0,
    targetModules: ['q_proj', 'down_proj'],
  });
  const theta = initializeAdapter(layout, 'io');

  it('come back bit for bit, and written again give equal bytes', async () => {
    const [first, second] = [join(root, 'adapter-1'), join(root, 'adapter-2')];
    await writeAdapter(first, { layout, theta, baseModelName: 'openledger-nano' });
    const loaded = await readAdapter(first, tinyConfig);
    expect(loaded).toEqual({ layout, theta, baseModelName: 'openledger-nano' });
    await writeAdapter(second, loaded);
    for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
      expect(await readFile(join(second, name))).toEqual(await readFile(join(first, name)));
    }
    const { tensors } = await readSafetensors(join(first, 'adapter_model.safetensors'));
    expect([...tensors.keys()]).toContain('base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight');
  });

  it('of another base, or with features that would be ignored silently, are refused', async () => {
    const dir = join(root, 'adapter-3');
    await writeAdapter(dir, { layout, theta, baseModelName: null });
    await expect(readAdapter(dir, { ...tinyConfig, intermediate_size: 96 })).rejects.toThrow(
      /shape \[4,64\], not \[4,96\]/,
    );
    await expect(readAdapter(dir, { ...tinyConfig, num_hidden_layers: 1 })).rejects.toThrow(/no place for .*layers\.1/);
    const path = join(dir, 'adapter_config.json');
    const json = JSON.parse(await readFile(path, 'utf8'));
    for (const [fields, message] of [
      [{ use_dora: true }, /use_dora is not supported/],
      [{ peft_type: 'IA3' }, /"IA3" is not LORA/],
      [{ rank_pattern: { q_proj: 2 } }, /rank_pattern is not supported/],
      [{ target_modules: ['lm_head'] }, /"lm_head" is not supported/],
    ] as const) {
      await writeFile(path, JSON.stringify({ ...json, ...fields }));
      await expect(readAdapter(dir, tinyConfig)).rejects.toThrow(message);
    }
    await writeFile(path, JSON.stringify({ ...json, use_rslora: true }));
    // rsLoRA scales by alpha / sqrt(r): 8 / 2 = 4, which is 16 / 4.
    expect((await readAdapter(dir, tinyConfig)).layout.lora.loraAlpha).toBe(16);
  });
});
