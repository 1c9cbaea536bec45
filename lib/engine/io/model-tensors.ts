import { join } from 'node:path';
import { type LlamaConfig, readLlamaConfig } from '../nn/config.ts';
import { type WeightSpec, weightSpecs } from '../nn/weights.ts';
import { findTensorProblems, ModelDirError, readCheckpointTensors } from './checkpoint.ts';
import { type FloatDtype, type LoadedTensor, SafetensorsReader } from './safetensors-reader.ts';

/** A model's weights, read one tensor at a time. Tensors are what `weightSpecs` lists. */
export type ModelTensors = {
  config: LlamaConfig;
  specs: readonly WeightSpec[];
  dtypeOf: (name: string) => FloatDtype;
  read: (name: string) => Promise<LoadedTensor>;
  close: () => Promise<void>;
};

/**
 * Opens the weight files of a model folder and reads nothing yet. Close it.
 *
 * @throws ModelConfigError, ModelDirError, SafetensorsError
 */
export async function openModelTensors(modelDir: string): Promise<ModelTensors> {
  const config = await readLlamaConfig(modelDir);
  const stored = await readCheckpointTensors(modelDir);
  const problems = findTensorProblems(config, stored);
  if (problems.length > 0) throw new ModelDirError(problems);
  const specs = weightSpecs(config);
  const readers = new Map<string, SafetensorsReader>();
  const close = async (): Promise<void> => {
    await Promise.all([...readers.values()].map((reader) => reader.close()));
  };
  try {
    for (const shard of new Set(specs.map(({ name }) => stored.get(name)!.shard))) {
      readers.set(shard, await SafetensorsReader.open(join(modelDir, shard)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    config,
    specs,
    dtypeOf: (name) => stored.get(name)!.dtype as FloatDtype, // findTensorProblems names all others
    read: (name) => readers.get(stored.get(name)!.shard)!.read(name),
    close,
  };
}
