import { cp, mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { weightSpecs } from '../nn/weights.ts';
import { inspectModel } from './inspect-model.ts';
import { checkModelDir, openModelDir } from './model-dir.ts';
import { readSafetensors, type TensorLike, writeSafetensors } from './safetensors.ts';
import type { FloatDtype } from './safetensors-reader.ts';
import { createTinyModel, tinyConfig } from './test-support/tiny-model.ts';

let root = '';
let modelDir = '';
let tensors: Map<string, TensorLike>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-dir-'));
  modelDir = await createTinyModel(join(root, 'model'));
  ({ tensors } = await readSafetensors(join(modelDir, 'model.safetensors')));
});
afterAll(() => rm(root, { recursive: true }));

type Change = (dir: string) => Promise<void>;

async function variant(name: string, change: Change): Promise<string> {
  const dir = join(root, name);
  await cp(modelDir, dir, { recursive: true });
  await change(dir);
  return dir;
}

const editJson =
  (file: string, fields: object): Change =>
  async (dir) => {
    const json = JSON.parse(await readFile(join(dir, file), 'utf8'));
    await writeFile(join(dir, file), JSON.stringify({ ...json, ...fields }));
  };

const writeTensors =
  (changed: [string, TensorLike | null][], dtype: FloatDtype = 'F32'): Change =>
  async (dir) => {
    const all = new Map(tensors);
    for (const [name, tensor] of changed) tensor ? all.set(name, tensor) : all.delete(name);
    await writeSafetensors(join(dir, 'model.safetensors'), all, { dtype });
  };

const shardName = (i: number): string => `model-0000${i + 1}-of-00002.safetensors`;

/** Two shards with their index in place of the one file. */
const shard: Change = async (dir) => {
  const names = [...tensors.keys()];
  const map: Record<string, string> = {};
  for (const [i, part] of [names.slice(0, 3), names.slice(3)].entries()) {
    const own = new Map(part.map((name) => [name, tensors.get(name)!]));
    await writeSafetensors(join(dir, shardName(i)), own, { dtype: 'F32' });
    for (const name of part) map[name] = shardName(i);
  }
  await rm(join(dir, 'model.safetensors'));
  await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
};

const small: TensorLike = { shape: [2], data: Float32Array.of(1, 2) };

describe('openModelDir', () => {
  it('loads one file and several shards to the same weights', async () => {
    const single = await openModelDir(modelDir);
    expect([...single.weights.keys()].sort()).toEqual(
      weightSpecs(tinyConfig)
        .map((spec) => spec.name)
        .sort(),
    );
    const sharded = await openModelDir(await variant('sharded', shard));
    expect(sharded.shards).toEqual([shardName(0), shardName(1)]);
    expect(new Map([...sharded.weights].sort())).toEqual(new Map([...single.weights].sort()));
  });

  it('leaves out what nobody reads: rotary buffers and the copy of a tied matrix', async () => {
    const head = { shape: [tinyConfig.vocab_size, 32], data: new Float32Array(tinyConfig.vocab_size * 32) };
    const buffer = 'model.layers.0.self_attn.rotary_emb.inv_freq';
    const dir = await variant(
      'extra',
      writeTensors([
        ['lm_head.weight', head],
        [buffer, small],
      ]),
    );
    const { weights } = await openModelDir(dir);
    expect(weights.size).toBe(weightSpecs(tinyConfig).length);
    expect(weights.has(buffer)).toBe(false);
  });

  it('takes rope_theta from where newer files keep it', async () => {
    const rope = { rope_type: 'default', rope_theta: 500_000 };
    const dir = await variant('rope', editJson('config.json', { rope_theta: undefined, rope_parameters: rope }));
    expect((await checkModelDir(dir)).config.rope_theta).toBe(500_000);
  });

  it.each<[string, Change, RegExp]>([
    ['gemma', editJson('config.json', { architectures: ['GemmaForCausalLM'] }), /GemmaForCausalLM is not supported/],
    ['quantised', editJson('config.json', { quantization_config: { bits: 4 } }), /quantised weights are not supported/],
    ['gelu', editJson('config.json', { hidden_act: 'gelu' }), /activation "gelu" is not supported/],
    ['yarn', editJson('config.json', { rope_parameters: { rope_type: 'yarn' } }), /rope_type "yarn" is not supported/],
    [
      'wide',
      editJson('config.json', { intermediate_size: 96 }),
      /gate_proj.weight has shape \[64,32\].*\[96,32\], and 5/,
    ],
    ['deep', editJson('config.json', { num_hidden_layers: 3 }), /no tensor model\.layers\.2\.\S+ \(and 8 more\)/],
    ['small-vocabulary', editJson('config.json', { vocab_size: 300 }), /tokenizer.json has ids up to 319, .* of 300/],
    ['untied', editJson('config.json', { tie_word_embeddings: false }), /no tensor lm_head\.weight/],
    [
      'normed',
      writeTensors([['model.layers.0.self_attn.q_norm.weight', small]]),
      /does not compute: \S+q_norm\.weight/,
    ],
    ['biased', writeTensors([['model.layers.0.self_attn.q_proj.bias', small]]), /does not compute: \S+q_proj\.bias/],
    ['gptq', writeTensors([['model.layers.0.mlp.up_proj.qweight', small]]), /Quantised weights .* \S+up_proj\.qweight/],
    ['incomplete', writeTensors([['model.norm.weight', null]]), /has no tensor model\.norm\.weight/],
    ['no-weights', (dir) => rm(join(dir, 'model.safetensors')), /weight file model\.safetensors is missing\.$/],
    [
      'pickled',
      (dir) => rename(join(dir, 'model.safetensors'), join(dir, 'pytorch_model.bin')),
      /is missing\. pytorch_model\.bin cannot be read; save the model as safetensors/,
    ],
    ['cut', (dir) => truncate(join(dir, 'model.safetensors'), 20_000), /truncated/],
    [
      'cut-in-header',
      (dir) => truncate(join(dir, 'model.safetensors'), 100),
      /header claims \d+ bytes, the file has 100/,
    ],
    ['no-config', (dir) => rm(join(dir, 'config.json')), /no readable config\.json/],
    ['no-tokenizer', (dir) => rm(join(dir, 'tokenizer.json')), /no readable tokenizer\.json/],
    [
      'word-piece',
      editJson('tokenizer.json', { decoder: { type: 'WordPiece' } }),
      /decoder WordPiece is not supported/,
    ],
    ['unigram', editJson('tokenizer.json', { model: { type: 'Unigram' } }), /model "Unigram" is not supported; BPE is/],
    ['bad-template', editJson('tokenizer_config.json', { chat_template: '{% for' }), /no valid Jinja/],
    [
      'refusing-template',
      editJson('tokenizer_config.json', { chat_template: "{{ raise_exception('no users') }}" }),
      /refuses this conversation: no users/,
    ],
    ['hot', (dir) => writeFile(join(dir, 'generation_config.json'), '{"top_p": 3}'), /top_p is 3, out of its range/],
    [
      'no-shard',
      async (dir) => {
        await shard(dir);
        await rm(join(dir, shardName(1)));
      },
      /weight file model-00002-of-00002\.safetensors is missing/,
    ],
    [
      'wrong-index',
      async (dir) => {
        await shard(dir);
        await editJson('model.safetensors.index.json', { weight_map: { 'model.norm.weight': shardName(0) } })(dir);
      },
      /model-00001-of-00002\.safetensors has no tensor model\.norm\.weight, which the index says/,
    ],
    [
      'escape',
      async (dir) => {
        await shard(dir);
        await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: '../x' } }));
      },
      /names "\.\.\/x", which is no file name/,
    ],
  ])('refuses the %s folder by what is wrong with it', async (name, change, message) => {
    await expect(checkModelDir(await variant(name, change))).rejects.toThrow(message);
  });
});

describe('inspectModel', () => {
  it('says what a good folder is', async () => {
    const dir = await variant('half', writeTensors([], 'BF16'));
    const { config, ...facts } = await inspectModel(dir);
    const parameters = weightSpecs(tinyConfig).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(config).toEqual(tinyConfig);
    expect(facts).toEqual({
      problems: [],
      notes: [],
      architecture: 'LlamaForCausalLM',
      parameters,
      dtypes: ['BF16'],
      weightBytes: 2 * parameters,
    });
  });

  it('names everything that is wrong at once, and reads no weights for it', async () => {
    const dir = await variant('all-wrong', async (folder) => {
      await editJson('config.json', { hidden_act: 'relu', rope_scaling: { type: 'yarn' } })(folder);
      await rm(join(folder, 'model.safetensors'));
      await rm(join(folder, 'tokenizer_config.json'));
    });
    const { problems, config, parameters } = await inspectModel(dir);
    expect(problems).toHaveLength(4);
    expect({ config, parameters }).toEqual({ config: null, parameters: 0 });
  });

  it('notes that a model has no chat template', async () => {
    const dir = await variant('plain', editJson('tokenizer_config.json', { chat_template: undefined }));
    expect((await inspectModel(dir)).notes).toEqual([expect.stringMatching(/no chat template/)]);
  });
});
