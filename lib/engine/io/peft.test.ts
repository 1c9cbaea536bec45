import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loraScale } from '../lora/config.ts';
import { adapterLayout, initializeAdapter } from '../lora/layout.ts';
import { readAdapter, writeAdapter } from './peft.ts';
import { readSafetensors, type TensorLike, writeSafetensors } from './safetensors.ts';
import { tinyConfig } from './test-support/tiny-model.ts';

const weights = 'adapter_model.safetensors';
const lora = { r: 4, loraAlpha: 8, loraDropout: 0.05, targetModules: ['q_proj', 'v_proj'] as const };
const layout = adapterLayout(tinyConfig, lora);
const theta = initializeAdapter(layout, 'peft');

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'peft-'));
  await writeAdapter(join(root, 'ours'), { layout, theta, baseModelName: 'openledger-nano' });
});
afterAll(() => rm(root, { recursive: true }));

type Tensors = Map<string, TensorLike>;

/** A copy of our adapter with other tensors or other fields in its configuration. */
async function variant(change: { fields?: object; tensors?: (tensors: Tensors) => void }): Promise<string> {
  const dir = join(root, `variant-${count++}`);
  await cp(join(root, 'ours'), dir, { recursive: true });
  if (change.tensors) {
    const tensors: Tensors = new Map((await readSafetensors(join(dir, weights))).tensors);
    change.tensors(tensors);
    await writeSafetensors(join(dir, weights), tensors, { dtype: 'F32' });
  }
  const path = join(dir, 'adapter_config.json');
  const json = { ...JSON.parse(await readFile(path, 'utf8')), ...change.fields };
  await writeFile(path, JSON.stringify(json));
  return dir;
}

describe('writeAdapter', () => {
  // Hashes of the same numbers written by the safetensors library 0.8.0 (`save_file(tensors, path, {"format": "pt"})`,
  // which is what PEFT's save_pretrained calls). Eleven layers, because names sort as text: 10 comes before 2.
  it.each([
    ['F32', '761065f56f057335306540687c9b8bbffd1492b9cb15197ebd44e32bf8da78a3'],
    ['F16', '88a4f69eb1e91a9fff72ff14aefef1c35ea71609cfb577c2700a8770b580eb8b'],
  ] as const)('gives the bytes that PEFT gives in %s', async (dtype, sha256) => {
    const deep = adapterLayout({ ...tinyConfig, num_hidden_layers: 11 }, lora);
    const numbers = Float32Array.from({ length: deep.length }, (_, i) => (((i * 37) % 101) - 50) / 64);
    const dir = join(root, dtype);
    await writeAdapter(dir, { layout: deep, theta: numbers, baseModelName: null }, dtype);
    expect(sha256Of(await readFile(join(dir, weights)))).toBe(sha256);
  });

  it.each(['F32', 'F16', 'BF16'] as const)('gives the %s file back that it was read from', async (dtype) => {
    const first = await variant({ fields: { use_rslora: true, revision: 'main', peft_version: '0.18.0' } });
    const { tensors } = await readSafetensors(join(first, weights));
    await writeSafetensors(join(first, weights), tensors, { dtype });
    const loaded = await readAdapter(first, tinyConfig);
    const second = join(root, `again-${dtype}`);
    await writeAdapter(second, loaded);
    expect(await readFile(join(second, weights))).toEqual(await readFile(join(first, weights)));
    expect(await readJson(second)).toEqual(await readJson(first));
  });
});

describe('readAdapter', () => {
  it('reads what writeAdapter wrote, bit for bit', async () => {
    const loaded = await readAdapter(join(root, 'ours'), tinyConfig);
    expect(loaded).toMatchObject({ layout, baseModelName: 'openledger-nano' });
    expect(loaded.theta).toEqual(theta);
  });

  it.each([
    ['a raw state dict', (key: string) => key.replace(/\.weight$/, '.default.weight')],
    ['the bare model', (key: string) => key.replace('base_model.model.model.', 'base_model.model.')],
    ['no prefix', (key: string) => key.replace('base_model.model.', '')],
  ])('reads the keys of %s', async (_, rename) => {
    const dir = await variant({
      tensors: (all) => {
        for (const [key, tensor] of [...all]) {
          all.delete(key);
          all.set(rename(key), tensor);
        }
      },
    });
    expect((await readAdapter(dir, tinyConfig)).theta).toEqual(theta);
  });

  it.each([
    [{ use_rslora: true }, 4], // 8 / sqrt(4)
    [{ use_rslora: false }, 2],
    [{ target_modules: '.*\\.(q|v)_proj' }, 2],
    [{ init_lora_weights: 'gaussian', loftq_config: {}, note: 'kept', task_type: null }, 2],
  ])('takes %o', async (fields, scale) => {
    const adapter = await readAdapter(await variant({ fields }), tinyConfig);
    expect(loraScale(adapter.layout.lora)).toBe(scale);
    expect(adapter.layout.lora).toMatchObject({ loraDropout: 0.05, targetModules: ['q_proj', 'v_proj'] });
  });

  it.each([
    [{ peft_type: 'IA3' }, 'adapter_config.json: peft_type "IA3" is not supported.'],
    [{ task_type: 'SEQ_CLS' }, 'task_type "SEQ_CLS" is not supported'],
    [{ bias: 'lora_only' }, 'bias "lora_only" is not supported'],
    [{ use_dora: true }, 'use_dora true is not supported'],
    [{ use_brand_new_thing: true }, 'use_brand_new_thing true is not supported'],
    [{ brand_new_config: { a: 1 } }, 'brand_new_config {"a":1} is not supported'],
    [{ fan_in_fan_out: true }, 'fan_in_fan_out true'],
    [{ modules_to_save: ['lm_head'] }, 'modules_to_save ["lm_head"]'],
    [{ layers_to_transform: [1] }, 'layers_to_transform [1]'],
    [{ rank_pattern: { q_proj: 2 } }, 'rank_pattern {"q_proj":2}'],
    [{ alpha_pattern: { q_proj: 2 } }, 'alpha_pattern {"q_proj":2}'],
    [{ exclude_modules: ['v_proj'] }, 'exclude_modules ["v_proj"]'],
    [{ init_lora_weights: 'pissa_niter_4' }, 'init_lora_weights "pissa_niter_4"'],
    [{ target_modules: ['lm_head'] }, 'target module "lm_head" is not supported'],
    [{ target_modules: null }, 'target_modules must be a list'],
    [{ r: '4' }, 'r, lora_alpha and lora_dropout must be numbers'],
    [{ r: 4096 }, 'LoRA rank r is 4096'],
    [{ lora_alpha: 0 }, 'loraAlpha is 0'],
    [{ lora_dropout: 1 }, 'loraDropout is 1'],
  ])('refuses %o by name', async (fields, message) => {
    const reading = readAdapter(await variant({ fields }), tinyConfig);
    await expect(reading).rejects.toMatchObject({ code: 'adapter_invalid', message: expect.stringContaining(message) });
  });

  const key = 'base_model.model.model.layers.1.self_attn.v_proj.lora_B.weight';
  it.each<[string, (tensors: Tensors) => void, string, string]>([
    ['a missing tensor', (all) => void all.delete(key), 'adapter_mismatch', `no tensor ${key}`],
    ['another shape', (all) => setShape(all, [8, 8]), 'adapter_mismatch', 'has shape [8,8], not [16,4]'],
    ['a turned shape', (all) => setShape(all, [4, 16]), 'adapter_mismatch', 'has shape [4,16], not [16,4]'],
    ['a tensor too many', (all) => copy(all, key.replace('v_proj', 'o_proj')), 'adapter_mismatch', 'no place for'],
    ['a layer too many', (all) => copy(all, key.replace('.1.', '.2.')), 'adapter_mismatch', 'no place for'],
    ['a foreign tensor', (all) => copy(all, 'lm_head.weight'), 'adapter_mismatch', 'no place for the tensor lm_head'],
    ['a tensor twice', (all) => copy(all, key.replace('.weight', '.b.weight')), 'adapter_invalid', 'the same matrix'],
    ['not a number', (all) => setValue(all, Number.NaN), 'adapter_invalid', `${key} holds NaN`],
    ['infinity', (all) => setValue(all, Number.NEGATIVE_INFINITY), 'adapter_invalid', `${key} holds -Infinity`],
  ])('refuses %s by name', async (_, tensors, code, message) => {
    const reading = readAdapter(await variant({ tensors }), tinyConfig);
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('refuses integers, a missing file and a configuration that is none, by name', async () => {
    const integers = await variant({});
    const path = join(integers, weights);
    await writeFile(path, (await readFile(path, 'latin1')).replaceAll('"F32"', '"I32"'), 'latin1');
    await expect(readAdapter(integers, tinyConfig)).rejects.toThrow('is stored as I32, which is not supported');
    await rm(path);
    await expect(readAdapter(integers, tinyConfig)).rejects.toThrow(`has no ${weights}`);
    for (const text of ['[]', '{', `{"a":"${'x'.repeat(1 << 20)}"}`]) {
      await writeFile(join(integers, 'adapter_config.json'), text);
      await expect(readAdapter(integers, tinyConfig)).rejects.toMatchObject({ code: 'adapter_invalid' });
    }
  });

  const copy = (all: Tensors, name: string) => void all.set(name, all.get(key)!);
  const setShape = (all: Tensors, shape: number[]) => void all.set(key, { ...all.get(key)!, shape });
  const setValue = (all: Tensors, value: number) => void all.get(key)!.data.fill(value, 3, 4);
});

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const readJson = async (dir: string) => JSON.parse(await readFile(join(dir, 'adapter_config.json'), 'utf8'));
