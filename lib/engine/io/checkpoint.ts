import { access, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { LlamaConfig } from '../nn/config.ts';
import { weightSpecs } from '../nn/weights.ts';
import { readSafetensorsHeader } from './safetensors.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { isFloatDtype } from './safetensors-reader.ts';

/** A model folder that the engine refuses; `problems` has one sentence for each file, tensor or feature at fault. */
export class ModelDirError extends Error {
  readonly code = 'model_dir_invalid';
  override readonly name = 'ModelDirError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join(' '), options);
    this.problems = problems;
  }
}

/** Every tensor that a checkpoint stores, with the shard that it lies in. */
export type CheckpointTensors = ReadonlyMap<string, StoredTensor & { shard: string }>;

const singleFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';

/**
 * Reads the headers of `model.safetensors`, or of the shards that `model.safetensors.index.json` names; no weights.
 *
 * @throws ModelDirError if files are missing or the index does not fit them; SafetensorsError if a header is broken or
 * a file is shorter than its header says
 */
export async function readCheckpointTensors(modelDir: string): Promise<CheckpointTensors> {
  const map = (await exists(modelDir, singleFile)) ? null : await readShardMap(modelDir);
  const shards = map ? [...new Set(Object.values(map))].sort() : [singleFile];
  const missing: string[] = [];
  for (const shard of shards)
    if (!(await exists(modelDir, shard))) missing.push(`The weight file ${shard} is missing.`);
  if (missing.length > 0) throw new ModelDirError(missing);
  const tensors = new Map<string, StoredTensor & { shard: string }>();
  for (const shard of shards) {
    for (const [name, entry] of await readSafetensorsHeader(join(/*turbopackIgnore: true*/ modelDir, shard))) {
      if (!map || map[name] === shard) tensors.set(name, { ...entry, shard });
    }
  }
  const lost = Object.keys(map ?? {}).filter((name) => !tensors.has(name));
  if (lost.length > 0)
    throw new ModelDirError([`${map![lost[0]!]} has no tensor ${nameSome(lost)}, which the index says.`]);
  return tensors;
}

/** One sentence for each kind of difference between what a configuration needs and what a checkpoint stores. */
export function findTensorProblems(config: LlamaConfig, tensors: CheckpointTensors): string[] {
  const specs = new Map(weightSpecs(config).map(({ name, shape }) => [name, shape]));
  const unknown = [...tensors.keys()].filter((name) => !specs.has(name) && !isTolerated(name, config));
  const quantised = unknown.filter((name) =>
    /\.(qweight|qzeros|scales|g_idx|weight_scale|absmax|quant_map)\b/.test(name),
  );
  if (quantised.length > 0)
    return [`Quantised weights are not supported: the checkpoint stores ${nameSome(quantised)}.`];
  const problems: string[] = [];
  const missing = [...specs.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) problems.push(`The checkpoint has no tensor ${nameSome(missing)}.`);
  if (unknown.length > 0)
    problems.push(`The checkpoint has tensors that the engine does not compute: ${nameSome(unknown)}.`);
  const stored = [...specs].flatMap(([name, shape]) => {
    const tensor = tensors.get(name);
    return tensor ? [{ name, shape, tensor }] : [];
  });
  const wrong = stored.filter(({ shape, tensor }) => tensor.shape.join() !== shape.join());
  if (wrong[0]) {
    const { name, shape, tensor } = wrong[0];
    const others = wrong.length > 1 ? `, and ${wrong.length - 1} more differ` : '';
    problems.push(`${tensor.shard}: ${name} has shape [${tensor.shape}], config.json asks for [${shape}]${others}.`);
  }
  const inexact = stored.find(({ tensor }) => !isFloatDtype(tensor.dtype));
  if (inexact) {
    const { name, tensor } = inexact;
    problems.push(`${tensor.shard}: ${name} is stored as ${tensor.dtype}; F32, F16 and BF16 are supported.`);
  }
  return problems;
}

/** Buffers that old checkpoints carry but nobody reads, and the second copy of a matrix that is tied anyway. */
function isTolerated(name: string, config: LlamaConfig): boolean {
  return name.endsWith('.rotary_emb.inv_freq') || (name === 'lm_head.weight' && config.tie_word_embeddings);
}

async function readShardMap(modelDir: string): Promise<Record<string, string>> {
  if (!(await exists(modelDir, indexFile))) throw new ModelDirError([await nameOtherWeights(modelDir)]);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(join(/*turbopackIgnore: true*/ modelDir, indexFile), 'utf8'));
  } catch (cause) {
    throw new ModelDirError([`${indexFile} is not JSON.`], { cause });
  }
  const map: unknown = (json as { weight_map?: unknown } | null)?.weight_map;
  if (typeof map !== 'object' || map === null) throw new ModelDirError([`${indexFile} has no weight_map.`]);
  // A shard name with a path in it would let a downloaded model read files outside its folder.
  const foreign = Object.values(map).find((shard) => typeof shard !== 'string' || basename(shard) !== shard);
  if (foreign !== undefined) {
    throw new ModelDirError([`${indexFile} names ${JSON.stringify(foreign)}, which is no file name.`]);
  }
  return map as Record<string, string>;
}

async function nameOtherWeights(modelDir: string): Promise<string> {
  const files = await readdir(/*turbopackIgnore: true*/ modelDir).catch(() => []);
  const others = files.filter((name) => /\.(bin|pth?|gguf|ggml|msgpack|h5|onnx)$/.test(name));
  const hint = others.length > 0 ? ` ${nameSome(others)} cannot be read; save the model as safetensors.` : '';
  return `The weight file ${singleFile} is missing.${hint}`;
}

function exists(modelDir: string, name: string): Promise<boolean> {
  return access(join(/*turbopackIgnore: true*/ modelDir, name)).then(
    () => true,
    () => false,
  );
}

function nameSome(names: readonly string[]): string {
  return names.length > 1 ? `${names[0]} (and ${names.length - 1} more)` : String(names[0]);
}
