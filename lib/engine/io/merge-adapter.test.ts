import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loraScale } from '../lora/config.ts';
import { unpackAdapter } from '../lora/layout.ts';
import { referenceLogits } from '../nn/test-support/reference-llama.ts';
import { mergeAdapter } from './merge-adapter.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { createTinyAdapter } from './test-support/tiny-adapter.ts';
import { createTinyModel, tinyConfig } from './test-support/tiny-model.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'merge-'));
});
afterAll(() => rm(root, { recursive: true }));

const weightsOf = async (dir: string) => {
  const { tensors } = await readSafetensors(join(dir, 'model.safetensors'));
  return Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
};

it.each([undefined, true])('a merged model answers as base and adapter do (rsLoRA %s)', async (useRslora) => {
  const base = await createTinyModel(join(root, 'base'));
  const adapterDir = join(root, `adapter-${useRslora}`);
  const targetModules = ['q_proj', 'o_proj', 'up_proj'] as const;
  const { layout, theta } = await createTinyAdapter(adapterDir, 'm', {
    targetModules,
    ...(useRslora && { useRslora }),
  });
  const out = join(root, `merged-${useRslora}`);
  await mergeAdapter(base, adapterDir, out);
  const matrices = unpackAdapter(layout, theta);
  const ids = [3, 14, 15, 92, 65];
  const together = referenceLogits(tinyConfig, await weightsOf(base), ids, (path) => {
    const [a, b] = ['A', 'B'].map((part) => matrices[`base_model.model.${path}.lora_${part}.weight`]);
    return a && b ? { a: a.data, b: b.data, rank: 4, scale: loraScale(layout.lora) } : null;
  });
  const merged = referenceLogits(tinyConfig, await weightsOf(out), ids);
  const alone = referenceLogits(tinyConfig, await weightsOf(base), ids);
  // Merging rounds each weight to float32 once: 6e-8 of a weight, some 1e-6 of a logit.
  expect(distance(merged, together)).toBeLessThan(1e-5);
  expect(distance(alone, together)).toBeGreaterThan(0.1);
});

it('keeps the dtype of the base, its tokenizer and its configuration, and says where it comes from', async () => {
  const base = await createTinyModel(join(root, 'half'));
  const path = join(base, 'model.safetensors');
  await writeSafetensors(path, (await readSafetensors(path)).tensors, { dtype: 'BF16' });
  const adapterDir = join(root, 'adapter');
  await createTinyAdapter(adapterDir, 'm');
  const out = join(root, 'merged-half');
  await mergeAdapter(base, adapterDir, out);
  const { tensors } = await readSafetensors(join(out, 'model.safetensors'));
  expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['BF16']));
  expect((await readdir(out)).sort()).toEqual(
    ['README.md', 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'].sort(),
  );
  expect(await readFile(join(out, 'README.md'), 'utf8')).toMatch(/^base_model: half$/m);
  expect(await readFile(join(out, 'README.md'), 'utf8')).toMatch(/SHA-256 `[0-9a-f]{64}`/);
});

function distance(a: Float64Array[], b: Float64Array[]): number {
  return Math.max(...a.flatMap((row, t) => [...row].map((value, i) => Math.abs(value - b[t]![i]!))));
}
