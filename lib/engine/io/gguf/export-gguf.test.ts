import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterLayout, initializeAdapter } from '../../lora/layout.ts';
import { rotaryFrequencies } from '../../nn/rope.ts';
import { openModelTensors } from '../model-tensors.ts';
import { readSafetensors } from '../safetensors.ts';
import { createTinyModel, tinyConfig } from '../test-support/tiny-model.ts';
import { exportAdapterGguf } from './export-adapter-gguf.ts';
import { exportModelGguf } from './export-model-gguf.ts';
import { type ReadGguf, readGguf } from './test-support/read-gguf.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'export-gguf-'));
});
afterAll(() => rm(root, { recursive: true }));

async function exportTiny(name: string, fields: object, dtype: 'F32' | 'F16' = 'F32') {
  const modelDir = await createTinyModel(join(root, name), name, fields);
  const tensors = await openModelTensors(modelDir);
  const outFile = join(root, `${name}.gguf`);
  await exportModelGguf({ tensors, modelDir, outFile, dtype });
  await tensors.close();
  return { modelDir, gguf: await readGguf(outFile), ...(await readSafetensors(join(modelDir, 'model.safetensors'))) };
}

/** Row `row` of a stored matrix with `columns` numbers a row. */
const rowOf = ({ data }: { data: Float32Array }, row: number, columns: number) =>
  data.slice(row * columns, (row + 1) * columns);
const tensorOf = ({ tensors }: ReadGguf, name: string) => tensors.get(name)!;

describe('exportModelGguf', () => {
  it('writes a Llama: keys, names, shapes, and rows of q and k in the order of llama.cpp', async () => {
    const { gguf, tensors } = await exportTiny('llama', {});
    expect(Object.fromEntries(gguf.metadata)).toMatchObject({
      'general.architecture': 'llama',
      'general.file_type': 0,
      'llama.block_count': 2,
      'llama.context_length': 96,
      'llama.embedding_length': 32,
      'llama.feed_forward_length': 64,
      'llama.attention.head_count': 4,
      'llama.attention.head_count_kv': 2,
      'llama.rope.dimension_count': 8,
      'llama.rope.freq_base': 10_000,
      'llama.attention.layer_norm_rms_epsilon': Math.fround(1e-5),
    });
    expect(gguf.tensors.size).toBe(tensors.size);
    expect(tensorOf(gguf, 'token_embd.weight').data).toEqual(tensors.get('model.embed_tokens.weight')!.data);
    expect(tensorOf(gguf, 'blk.1.ffn_down.weight').dims).toEqual([64, 32]);
    expect(tensorOf(gguf, 'blk.1.ffn_norm.weight').data).toEqual(
      tensors.get('model.layers.1.post_attention_layernorm.weight')!.data,
    );
    const [from, to] = [tensors.get('model.layers.1.self_attn.k_proj.weight')!, tensorOf(gguf, 'blk.1.attn_k.weight')];
    // Two heads of width 8: the second head's rows 8..15 become 8, 12, 9, 13, 10, 14, 11, 15.
    for (const [row, old] of [8, 12, 9, 13, 10, 14, 11, 15].entries()) {
      expect(rowOf(to, 8 + row, 32)).toEqual(rowOf(from, old, 32));
    }
    const values = tensors.get('model.layers.1.self_attn.v_proj.weight')!;
    expect(tensorOf(gguf, 'blk.1.attn_v.weight').data).toEqual(values.data);
  });

  it('writes Qwen2 in its own row order with its biases, and an untied head', async () => {
    const fields = { architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', tie_word_embeddings: false };
    const { gguf, tensors } = await exportTiny('qwen2', fields);
    expect(gguf.metadata.get('general.architecture')).toBe('qwen2');
    expect(gguf.metadata.get('qwen2.attention.head_count_kv')).toBe(2);
    const names = [
      ['blk.0.attn_q.weight', 'model.layers.0.self_attn.q_proj.weight'],
      ['blk.0.attn_k.bias', 'model.layers.0.self_attn.k_proj.bias'],
      ['output.weight', 'lm_head.weight'],
    ] as const;
    for (const [to, from] of names) expect(tensorOf(gguf, to).data).toEqual(tensors.get(from)!.data);
  });

  it("stores what Llama 3's rotary scaling does, and a linear scaling as keys", async () => {
    const llama3 = {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 64,
    };
    const fields = { rope_scaling: llama3, head_dim: 32 };
    const { gguf } = await exportTiny('llama3', fields);
    const scaled = rotaryFrequencies({ rope_theta: 10_000, rope_scaling: { ...llama3, rope_type: 'llama3' } }, 32);
    const factors = tensorOf(gguf, 'rope_freqs.weight').data;
    expect(factors[0]).toBe(1);
    expect(factors[15]).toBe(8);
    for (const [i, factor] of factors.entries()) {
      expect(10_000 ** (-i / 16) / factor).toBeCloseTo(scaled[i]!, 6);
    }
    const linear = await exportTiny('linear', { rope_scaling: { rope_type: 'linear', factor: 2 } });
    expect(linear.gguf.metadata.get('llama.rope.scaling.factor')).toBe(2);
    expect(linear.gguf.tensors.has('rope_freqs.weight')).toBe(false);
  });

  it('keeps norms and biases in float32 when matrices are F16', async () => {
    const { gguf, tensors } = await exportTiny('half', {}, 'F16');
    expect(gguf.metadata.get('general.file_type')).toBe(1);
    expect(tensorOf(gguf, 'output_norm.weight')).toMatchObject({
      type: 0,
      data: tensors.get('model.norm.weight')!.data,
    });
    const head = tensorOf(gguf, 'token_embd.weight');
    expect(head.type).toBe(1);
    expect(head.data).toEqual(tensors.get('model.embed_tokens.weight')!.data.map(Math.f16round));
  });

  it('carries tokens, merges, special tokens and the chat template', async () => {
    const { gguf, modelDir } = await exportTiny('words', { vocab_size: 325 });
    const { model } = JSON.parse(await readFile(join(modelDir, 'tokenizer.json'), 'utf8'));
    const tokens = gguf.metadata.get('tokenizer.ggml.tokens') as string[];
    for (const [text, id] of Object.entries<number>(model.vocab)) expect(tokens[id]).toBe(text);
    expect(tokens).toHaveLength(325);
    expect(gguf.metadata.get('tokenizer.ggml.merges')).toHaveLength(model.merges.length);
    expect((gguf.metadata.get('tokenizer.ggml.token_type') as number[]).slice(0, 7)).toEqual([3, 3, 3, 3, 3, 3, 1]);
    expect(Object.fromEntries(gguf.metadata)).toMatchObject({
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': 'gpt-2',
      'tokenizer.ggml.bos_token_id': 0,
      'tokenizer.ggml.eos_token_id': 0,
      'tokenizer.ggml.eot_token_id': 5,
      'tokenizer.ggml.add_bos_token': false,
      'tokenizer.chat_template': expect.stringContaining('<|end|>'),
    });
  });

  it('refuses a tokenizer that llama.cpp would read otherwise, by name', async () => {
    const modelDir = await createTinyModel(join(root, 'odd'), 'odd');
    const path = join(modelDir, 'tokenizer.json');
    const json = JSON.parse(await readFile(path, 'utf8'));
    const tensors = await openModelTensors(modelDir);
    for (const [change, message] of [
      [{ model: { ...json.model, type: 'Unigram' } }, '"Unigram" is not supported'],
      [{ normalizer: { type: 'Lowercase' } }, 'no counterpart of this normalizer'],
      [{ pre_tokenizer: { type: 'Whitespace' } }, 'no counterpart of this pre_tokenizer'],
    ] as const) {
      await writeFile(path, JSON.stringify({ ...json, ...change }));
      const exporting = exportModelGguf({ tensors, modelDir, outFile: join(root, 'odd.gguf'), dtype: 'F32' });
      await expect(exporting).rejects.toThrow(message);
    }
    await tensors.close();
  });
});

describe('exportAdapterGguf', () => {
  it.each(['llama', 'qwen2'] as const)('writes names, alpha and rows for %s', async (model_type) => {
    const config = { ...tinyConfig, model_type };
    const lora = { r: 4, loraAlpha: 8, loraDropout: 0, targetModules: ['k_proj', 'up_proj'] as const, useRslora: true };
    const layout = adapterLayout(config, lora);
    const theta = initializeAdapter(layout, 'gguf').map((value, i) => value + i);
    const path = join(root, `adapter-${model_type}.gguf`);
    await exportAdapterGguf({ layout, theta, baseModelName: 'tiny' }, config, path);
    const gguf = await readGguf(path);
    expect(Object.fromEntries(gguf.metadata)).toMatchObject({
      'general.architecture': model_type,
      'general.type': 'adapter',
      'adapter.type': 'lora',
      'adapter.lora.alpha': 16, // llama.cpp divides by the rank, which gives rsLoRA's 8 / sqrt(4)
    });
    expect([...gguf.tensors.keys()].slice(0, 4)).toEqual(
      ['attn_k', 'ffn_up'].flatMap((name) => [`blk.0.${name}.weight.lora_a`, `blk.0.${name}.weight.lora_b`]),
    );
    const [a, b] = [tensorOf(gguf, 'blk.0.attn_k.weight.lora_a'), tensorOf(gguf, 'blk.0.attn_k.weight.lora_b')];
    expect([a.dims, b.dims]).toEqual([
      [32, 4],
      [4, 16],
    ]);
    expect(a.data).toEqual(theta.slice(0, 128));
    const second = model_type === 'llama' ? 4 : 1;
    expect(rowOf(b, 1, 4)).toEqual(theta.slice(128 + 4 * second, 132 + 4 * second));
  });
});
