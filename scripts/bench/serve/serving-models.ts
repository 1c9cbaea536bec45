import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportAdapterGguf } from '#lib/engine/io/gguf/export-adapter-gguf.ts';
import { exportModelGguf } from '#lib/engine/io/gguf/export-model-gguf.ts';
import { openModelTensors } from '#lib/engine/io/model-tensors.ts';
import { readAdapter, writeAdapter } from '#lib/engine/io/peft.ts';
import { streamSafetensors } from '#lib/engine/io/safetensors.ts';
import { adapterLayout } from '#lib/engine/lora/layout.ts';
import { parseLlamaConfig, readLlamaConfig } from '#lib/engine/nn/config.ts';
import { weightSpecs } from '#lib/engine/nn/weights.ts';
import type { AdapterRef } from '#lib/engine/serving/types.ts';
import { smolLmShape } from '../smol-lm-shape.ts';

export const shippedBase = 'models/openledger-nano';

/** Writes a model of SmolLM2-135M's shape with random float32 weights, no two tensors alike. Takes 540 MB of disk. */
export async function writeSmolLmShape(modelDir: string): Promise<string> {
  await mkdir(modelDir, { recursive: true });
  const draw = createUniform(1);
  const plan = weightSpecs(parseLlamaConfig(smolLmShape)).map(({ name, shape }) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const load = async (): Promise<Float32Array> =>
      shape.length === 1 ? new Float32Array(size).fill(1) : fillUniform(new Float32Array(size), draw, 0.06);
    return [name, { shape, dtype: 'F32' as const, load }] as const;
  });
  await streamSafetensors(join(modelDir, 'model.safetensors'), new Map(plan));
  await writeFile(join(modelDir, 'config.json'), JSON.stringify(smolLmShape));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    await copyFile(join(shippedBase, name), join(modelDir, name));
  }
  return modelDir;
}

/** Writes `count` different random adapters, rank 8 on queries and values. */
export async function writeAdapters(modelDir: string, root: string, count: number): Promise<AdapterRef[]> {
  const config = await readLlamaConfig(modelDir);
  const lora = { r: 8, loraAlpha: 16, loraDropout: 0, targetModules: ['q_proj', 'v_proj'] as const };
  const layout = adapterLayout(config, lora);
  const draw = createUniform(2);
  const refs = Array.from({ length: count }, (_, i) => ({ id: `ad_${i}`, dir: join(root, `adapter-${i}`) }));
  for (const { dir } of refs) {
    const theta = fillUniform(new Float32Array(layout.length), draw, 0.05);
    await writeAdapter(dir, { layout, theta, baseModelName: null });
  }
  return refs;
}

/** The same base and adapters as GGUF files of float32. */
export async function exportForPeer(
  modelDir: string,
  root: string,
  adapters: readonly AdapterRef[],
): Promise<{ modelPath: string; adapterPaths: string[] }> {
  const tensors = await openModelTensors(modelDir);
  const modelPath = join(root, 'base.gguf');
  await exportModelGguf({ tensors, modelDir, outFile: modelPath, dtype: 'F32' });
  await tensors.close();
  const adapterPaths: string[] = [];
  for (const { id, dir } of adapters) {
    const path = join(root, `${id}.gguf`);
    await exportAdapterGguf(await readAdapter(dir, tensors.config), tensors.config, path);
    adapterPaths.push(path);
  }
  return { modelPath, adapterPaths };
}

/** A linear congruential generator (Numerical Recipes' constants): 135 million draws in half a second. */
function createUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function fillUniform(data: Float32Array, draw: () => number, width: number): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = (draw() - 0.5) * width;
  return data;
}
