import { join } from 'node:path';
import { type LlamaConfig, ModelConfigError, readLlamaConfig } from '../nn/config.ts';
import { type GenerationDefaults, readGenerationDefaults } from '../nn/generation-config.ts';
import { parameterCount, weightSpecs } from '../nn/weights.ts';
import { stopIds } from '../tokenizer/chat.ts';
import { ChatTemplateError, TokenizerError } from '../tokenizer/errors.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { type CheckpointTensors, findTensorProblems, ModelDirError, readCheckpointTensors } from './checkpoint.ts';
import { SafetensorsError } from './safetensors-header.ts';
import { type LoadedTensor, SafetensorsReader } from './safetensors-reader.ts';

/** A model folder that was checked by its headers; no weight was read. */
export type ModelDir = {
  config: LlamaConfig;
  parameterCount: number;
  tokenizer: Tokenizer;
  /** What generation_config.json proposes for sampling. */
  generation: GenerationDefaults;
  /** Files that hold the weights, in name order. */
  shards: readonly string[];
  /** Every tensor that the checkpoint stores. */
  tensors: CheckpointTensors;
};

export type OpenModelDir = ModelDir & { weights: ReadonlyMap<string, LoadedTensor> };

/** What `examineModelDir` found; a part is null where a problem hides it. */
export type ModelDirParts = { [Part in 'config' | 'tokenizer' | 'generation' | 'tensors']: ModelDir[Part] | null } & {
  problems: string[];
};

/** Opens a folder in Hugging Face layout and reads its weights, one tensor at a time. @throws ModelDirError */
export async function openModelDir(modelDir: string): Promise<OpenModelDir> {
  const checked = await checkModelDir(modelDir);
  const weights = new Map<string, LoadedTensor>();
  for await (const [name, tensor] of readWeights(modelDir, checked)) weights.set(name, tensor);
  return { ...checked, weights };
}

/**
 * The weights that the model computes with, shard by shard, widened to float32. A caller that lets go of each tensor
 * never holds more than one.
 */
export async function* readWeights(
  modelDir: string,
  { config, shards, tensors }: Pick<ModelDir, 'config' | 'shards' | 'tensors'>,
): AsyncGenerator<[name: string, tensor: LoadedTensor]> {
  const needed = new Set(weightSpecs(config).map(({ name }) => name));
  for (const shard of shards) {
    const reader = await SafetensorsReader.open(join(modelDir, shard));
    try {
      for (const [name, tensor] of tensors) {
        if (tensor.shard === shard && needed.has(name)) yield [name, await reader.read(name)];
      }
    } finally {
      await reader.close();
    }
  }
}

/** Checks a folder by its headers alone. @throws ModelDirError with everything that is wrong */
export async function checkModelDir(modelDir: string): Promise<ModelDir> {
  const { problems, config, tokenizer, generation, tensors } = await examineModelDir(modelDir);
  if (problems.length > 0 || !config || !tokenizer || !generation || !tensors) throw new ModelDirError(problems);
  const shards = [...new Set([...tensors.values()].map(({ shard }) => shard))].sort();
  return { config, parameterCount: parameterCount(config), tokenizer, generation, shards, tensors };
}

/** Looks at everything in a folder that can be refused, and refuses nothing. */
export async function examineModelDir(modelDir: string): Promise<ModelDirParts> {
  const problems: string[] = [];
  const config = await attempt(problems, () => readLlamaConfig(modelDir));
  const tensors = await attempt(problems, () => readCheckpointTensors(modelDir));
  const tokenizer = await attempt(problems, () => Tokenizer.load(modelDir));
  const generation = await attempt(problems, () => readGenerationDefaults(modelDir));
  // Training and serving both stand on this: a template that fails on one question and answer is of no use.
  if (tokenizer) await attempt(problems, async () => stopIds(tokenizer));
  if (config && tensors) problems.push(...findTensorProblems(config, tensors));
  if (config && tokenizer && tokenizer.vocabularySize > config.vocab_size) {
    const [last, size] = [tokenizer.vocabularySize - 1, config.vocab_size];
    problems.push(`tokenizer.json has ids up to ${last}, config.json a vocab_size of ${size}.`);
  }
  return { problems, config, tokenizer, generation, tensors };
}

const fileErrors = [SafetensorsError, TokenizerError, ChatTemplateError];

async function attempt<T>(problems: string[], read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ModelConfigError || error instanceof ModelDirError) problems.push(...error.problems);
    else if (fileErrors.some((kind) => error instanceof kind)) problems.push((error as Error).message);
    else throw error;
    return null;
  }
}
