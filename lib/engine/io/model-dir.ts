import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LlamaConfig, readLlamaConfig } from '../nn/config.ts';
import { weightSpecs } from '../nn/weights.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { readSafetensors, readSafetensorsHeader } from './safetensors.ts';
import type { LoadedTensor } from './safetensors-reader.ts';

/** What can be known of a model folder without loading its weights. */
export type ModelDirFacts = {
  config: LlamaConfig;
  parameterCount: number;
  /** Shard file of each tensor that the model needs. */
  shardOf: ReadonlyMap<string, string>;
};

export type OpenModelDir = ModelDirFacts & { weights: ReadonlyMap<string, LoadedTensor>; tokenizer: Tokenizer };

/** A model folder that the engine refuses; the message names the file, tensor or feature. */
export class ModelDirError extends Error {
  readonly code = 'model_dir_invalid';
  override readonly name = 'ModelDirError';
}

/**
 * Opens a folder in Hugging Face layout: config.json, model.safetensors or shards with an index, tokenizer.
 * Everything that can be refused is refused before a weight is read.
 *
 * @throws ModelDirError, ModelConfigError, SafetensorsError, TokenizerError
 */
export async function openModelDir(modelDir: string): Promise<OpenModelDir> {
  const facts = await inspectModelDir(modelDir);
  const tokenizer = await Tokenizer.load(modelDir);
  if (tokenizer.vocabularySize > facts.config.vocab_size) {
    throw new ModelDirError(
      `tokenizer.json has ids up to ${tokenizer.vocabularySize - 1}, config.json a vocab_size of ${facts.config.vocab_size}.`,
    );
  }
  const weights = new Map<string, LoadedTensor>();
  for (const shard of new Set(facts.shardOf.values())) {
    const { tensors } = await readSafetensors(join(modelDir, shard));
    for (const [name, tensor] of tensors) if (facts.shardOf.get(name) === shard) weights.set(name, tensor);
  }
  return { ...facts, weights, tokenizer };
}

/** Checks a folder by its headers alone: architecture, presence, dtype and shape of every tensor. */
export async function inspectModelDir(modelDir: string): Promise<ModelDirFacts> {
  const config = await readLlamaConfig(modelDir);
  const specs = weightSpecs(config);
  const index = await readShardIndex(modelDir);
  const shardOf = new Map<string, string>();
  const headers = new Map<string, Awaited<ReturnType<typeof readSafetensorsHeader>>>();
  for (const { name, shape } of specs) {
    const shard = index ? index[name] : 'model.safetensors';
    if (shard === undefined) throw new ModelDirError(`model.safetensors.index.json does not name the tensor ${name}.`);
    const header = headers.get(shard) ?? (await readShardHeader(modelDir, shard));
    headers.set(shard, header);
    const tensor = header.get(name);
    if (!tensor) throw new ModelDirError(`${shard} has no tensor ${name}.`);
    if (tensor.shape.join() !== shape.join()) {
      throw new ModelDirError(`${shard}: ${name} has shape [${tensor.shape}], config.json asks for [${shape}].`);
    }
    if (!['F32', 'F16', 'BF16'].includes(tensor.dtype)) {
      throw new ModelDirError(`${shard}: ${name} is stored as ${tensor.dtype}; quantised weights are not supported.`);
    }
    shardOf.set(name, shard);
  }
  const parameterCount = specs.reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  return { config, parameterCount, shardOf };
}

async function readShardIndex(modelDir: string): Promise<Record<string, string> | null> {
  const name = 'model.safetensors.index.json';
  const isSharded = await access(join(modelDir, name)).then(
    () => true,
    () => false,
  );
  if (!isSharded) return null;
  const { weight_map: map } = await readJson(modelDir, name);
  if (typeof map !== 'object' || map === null) throw new ModelDirError(`${name} has no weight_map.`);
  // A shard name with a path in it would let a downloaded model read files outside its folder.
  const foreign = Object.values(map).find((shard) => typeof shard !== 'string' || basename(shard) !== shard);
  if (foreign !== undefined)
    throw new ModelDirError(`${name} names ${JSON.stringify(foreign)}, which is no file name.`);
  return map as Record<string, string>;
}

async function readShardHeader(modelDir: string, shard: string): ReturnType<typeof readSafetensorsHeader> {
  try {
    return await readSafetensorsHeader(join(modelDir, shard));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ModelDirError(`The weight file ${shard} is missing.`, { cause: error });
  }
}

async function readJson(modelDir: string, name: string): Promise<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(await readFile(join(modelDir, name), 'utf8'));
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch (cause) {
    throw new ModelDirError(`The model folder has no readable ${name}.`, { cause });
  }
  throw new ModelDirError(`${name} is not a JSON object.`);
}
