import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelDir, readWeights } from '../io/model-dir.ts';
import { hasBias, type LinearModule, linearModules, linearPath, weightSpecs } from '../nn/weights.ts';
import type { OnnxTensor } from '../onnx/encode.ts';
import { FusedLayout, fusedGroupNames, fusedGroups } from './fused-layout.ts';

const fileName = 'weights.f32';
const folderPrefix = 'openledger-serving-';
/** The runtime maps the file into memory, and a mapping begins at a page. */
const pageBytes = 4096;

/**
 * A base model's weights as the serving graph wants them, in a temporary file that the runtime maps or packs from: the
 * process then holds one copy, and holds none while the file is written but the tensor in hand.
 */
export type WeightsFile = {
  dir: string;
  /** Initialisers by name: `embed`, `head` (untied), `norm`, and per layer `qkv.l`, `qkvBias.l`, `norm1.l` and so on. */
  tensors: ReadonlyMap<string, OnnxTensor>;
  sizeBytes: number;
  remove: () => Promise<void>;
};

/** Rows of a Hugging Face tensor inside one of ours; `rows` and `columns` as in `FusedPlace`, the latter null for vectors. */
type Target = { name: string; offset: number; rows: Int32Array | null; columns: Int32Array | null };

/** Reads the model folder's weights one by one. The folder is removed again by `remove`. */
export async function writeWeightsFile(modelDir: string, model: ModelDir): Promise<WeightsFile> {
  const layout = new FusedLayout(model.config);
  const { tensors, sizeBytes } = planTensors(layout);
  const targets = planTargets(layout);
  await removeAbandoned();
  const dir = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  const remove = (): Promise<void> => rm(dir, { recursive: true, force: true });
  try {
    const file = await open(join(dir, fileName), 'w');
    try {
      await file.truncate(sizeBytes);
      for await (const [name, { shape, data }] of readWeights(modelDir, model)) {
        const target = targets.get(name)!;
        const { offset, width } = placeOf(tensors.get(target.name)!);
        const inputs = shape.length === 2 ? shape[1]! : 1;
        const placed = arrange(data, inputs, width, target);
        const bytes = new Uint8Array(placed.buffer, placed.byteOffset, placed.byteLength);
        for (let done = 0; done < bytes.length; ) {
          const at = offset + 4 * target.offset * width + done;
          done += (await file.write(bytes, done, Math.min(1 << 28, bytes.length - done), at)).bytesWritten;
        }
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { dir, tensors, sizeBytes, remove };
}

/** Deletes what processes left that were killed: a base model's size each. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^openledger-serving-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but it lives.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function planTensors(layout: FusedLayout): { tensors: Map<string, OnnxTensor>; sizeBytes: number } {
  const { config } = layout;
  const tensors = new Map<string, OnnxTensor>();
  let sizeBytes = 0;
  const add = (name: string, shape: number[]): void => {
    const length = 4 * shape.reduce((product, dim) => product * dim, 1);
    tensors.set(name, { name, dtype: 'f32', shape, data: { file: fileName, offset: sizeBytes, length } });
    sizeBytes += Math.ceil(length / pageBytes) * pageBytes;
  };
  add('embed', [config.vocab_size, config.hidden_size]);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const group of fusedGroupNames) {
      const [outputs, inputs] = layout.shape(group);
      add(`${group}.${layer}`, [outputs, inputs]);
      if (fusedGroups[group].some((module) => hasBias(config, module))) add(`${group}Bias.${layer}`, [outputs]);
    }
    add(`norm1.${layer}`, [config.hidden_size]);
    add(`norm2.${layer}`, [config.hidden_size]);
  }
  add('norm', [config.hidden_size]);
  if (!config.tie_word_embeddings) add('head', [config.vocab_size, config.hidden_size]);
  return { tensors, sizeBytes };
}

function planTargets(layout: FusedLayout): Map<string, Target> {
  const whole = (name: string): Target => ({ name, offset: 0, rows: null, columns: null });
  const targets = new Map<string, Target>([
    ['model.embed_tokens.weight', whole('embed')],
    ['model.norm.weight', whole('norm')],
    ['lm_head.weight', whole('head')],
  ]);
  const addModule = (layer: number, module: LinearModule): void => {
    const { group, ...place } = layout.place(module);
    const path = linearPath(layer, module);
    targets.set(`${path}.weight`, { name: `${group}.${layer}`, ...place });
    targets.set(`${path}.bias`, { name: `${group}Bias.${layer}`, ...place, columns: null });
  };
  for (let layer = 0; layer < layout.config.num_hidden_layers; layer++) {
    targets.set(`model.layers.${layer}.input_layernorm.weight`, whole(`norm1.${layer}`));
    targets.set(`model.layers.${layer}.post_attention_layernorm.weight`, whole(`norm2.${layer}`));
    for (const module of linearModules) addModule(layer, module);
  }
  const unknown = weightSpecs(layout.config).find(({ name }) => !targets.has(name));
  if (unknown) throw new Error(`The serving graph has no place for ${unknown.name}.`);
  return targets;
}

/** Spreads the rows of `data` [n, inputs] over rows of `width`, zeros between. */
function arrange(data: Float32Array, inputs: number, width: number, { rows, columns }: Target): Float32Array {
  if (!rows && !columns) return data;
  const count = data.length / inputs;
  const placed = new Float32Array((rows ? rows.at(-1)! + 1 : count) * width);
  for (let row = 0; row < count; row++) {
    const to = (rows ? rows[row]! : row) * width;
    const source = data.subarray(row * inputs, (row + 1) * inputs);
    if (columns) for (const [i, column] of columns.entries()) placed[to + column] = source[i]!;
    else placed.set(source, to);
  }
  return placed;
}

function placeOf({ shape, data }: OnnxTensor): { offset: number; width: number } {
  if (data instanceof Uint8Array) throw new TypeError('A planned tensor lies in the file.');
  return { offset: data.offset, width: shape.length === 2 ? shape[1]! : 1 };
}
