import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LoraConfigError } from '../lora/config.ts';
import { type AdapterLayout, adapterLayout, unpackAdapter } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { AdapterFormatError, AdapterMismatchError } from './adapter-errors.ts';
import { adapterConfigJson, adapterConfigName, parseAdapterConfig } from './peft-config.ts';
import { type AdapterKey, parseAdapterKey } from './peft-keys.ts';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from './safetensors.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { type FloatDtype, isFloatDtype } from './safetensors-reader.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const weightsName = 'adapter_model.safetensors';
const configBytesMax = 1 << 20;

export type LoadedAdapter = {
  layout: AdapterLayout;
  /** All A and B matrices, in the order of the layout. */
  theta: Float32Array;
  baseModelName: string | null;
  /** The files that it was read from, so that it can be written again as it was. */
  source?: { dtype: FloatDtype; config: Record<string, unknown> };
};

/**
 * Reads a PEFT LoRA folder, of our own or a stranger's, and checks it against the base model: every matrix is there, once,
 * of the right shape, of finite floats, and nothing else is. Shapes are checked by the header alone, so a file can never
 * make the engine read more than an adapter of this base can have.
 *
 * @throws AdapterFormatError, AdapterMismatchError, SafetensorsError
 */
export async function readAdapter(adapterDir: string, config: LlamaConfig): Promise<LoadedAdapter> {
  const path = join(adapterDir, weightsName);
  const json = await readConfigJson(adapterDir);
  const header = await readHeader(path);
  const matrices = placeTensors(header);
  const modules = new Set([...matrices.values()].map(({ module }) => module));
  const { lora, baseModelName } = parseAdapterConfig(json, modules);
  const layout = layoutOf(config, lora);
  checkTensors(layout, header, matrices);
  const { tensors } = await readSafetensors(path);
  const theta = new Float32Array(layout.length);
  for (const entry of layout.entries) theta.set(tensors.get(matrices.get(placeOf(entry))!.name)!.data, entry.offset);
  checkFinite(layout, theta);
  const dtypes = new Set([...tensors.values()].map(({ dtype }) => dtype));
  const dtype: FloatDtype = dtypes.size === 1 ? [...dtypes][0]! : 'F32';
  return { layout, theta, baseModelName, source: { dtype, config: json } };
}

/**
 * Writes `theta` as PEFT's `save_pretrained` does, to the byte: tensors in name order, `{"format":"pt"}`. An adapter that
 * was read is written in its own dtype and keeps the fields of its configuration. Creates the folder.
 */
export async function writeAdapter(
  adapterDir: string,
  { layout, theta, baseModelName, source }: LoadedAdapter,
  dtype: FloatDtype = source?.dtype ?? 'F32',
): Promise<void> {
  await mkdir(adapterDir, { recursive: true });
  const tensors = new Map(Object.entries(unpackAdapter(layout, theta)));
  await writeSafetensors(join(adapterDir, weightsName), tensors, { dtype });
  const json = `${JSON.stringify(adapterConfigJson(layout.lora, baseModelName, source?.config), null, 2)}\n`;
  await writeFileAtomically(join(adapterDir, adapterConfigName), [Buffer.from(json)]);
}

async function readConfigJson(adapterDir: string): Promise<Record<string, unknown>> {
  const path = join(adapterDir, adapterConfigName);
  try {
    if ((await stat(path)).size > configBytesMax) throw new RangeError('too long');
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch (cause) {
    throw new AdapterFormatError(`The adapter folder has no readable ${adapterConfigName}.`, { cause });
  }
  throw new AdapterFormatError(`${adapterConfigName} is not a JSON object.`);
}

async function readHeader(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  try {
    return await readSafetensorsHeader(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new AdapterFormatError(`The adapter folder has no ${weightsName}.`, { cause });
  }
}

type NamedMatrix = AdapterKey & { name: string };

const placeOf = ({ layer, module, part }: AdapterKey): string => `${layer}.${module}.${part}`;

/** The matrices of the file by their place in the model, whatever form their keys have. */
function placeTensors(header: ReadonlyMap<string, StoredTensor>): Map<string, NamedMatrix> {
  const matrices = new Map<string, NamedMatrix>();
  for (const name of header.keys()) {
    const key = parseAdapterKey(name);
    if (!key) throw noPlaceFor(name);
    const twin = matrices.get(placeOf(key));
    if (twin) throw new AdapterFormatError(`The adapter's tensors ${twin.name} and ${name} are the same matrix.`);
    matrices.set(placeOf(key), { ...key, name });
  }
  return matrices;
}

function layoutOf(config: LlamaConfig, lora: AdapterLayout['lora']): AdapterLayout {
  try {
    return adapterLayout(config, lora);
  } catch (cause) {
    if (!(cause instanceof LoraConfigError)) throw cause;
    throw new AdapterFormatError(`${adapterConfigName}: ${cause.message}`, { cause });
  }
}

function checkTensors(
  layout: AdapterLayout,
  header: ReadonlyMap<string, StoredTensor>,
  matrices: ReadonlyMap<string, NamedMatrix>,
): void {
  for (const entry of layout.entries) {
    const { key, shape } = entry;
    const tensor = header.get(matrices.get(placeOf(entry))?.name ?? '');
    if (!tensor) throw new AdapterMismatchError(`The adapter has no tensor ${key}.`);
    if (tensor.shape.join() !== shape.join()) {
      throw new AdapterMismatchError(`The adapter's tensor ${key} has shape [${tensor.shape}], not [${shape}].`);
    }
    if (!isFloatDtype(tensor.dtype)) {
      throw new AdapterFormatError(`The adapter's tensor ${key} is stored as ${tensor.dtype}, which is not supported.`);
    }
  }
  const expected = new Set(layout.entries.map(placeOf));
  for (const [place, { name }] of matrices) if (!expected.has(place)) throw noPlaceFor(name);
}

function noPlaceFor(name: string): AdapterMismatchError {
  return new AdapterMismatchError(`The base model has no place for the tensor ${name}.`);
}

function checkFinite({ entries }: AdapterLayout, theta: Float32Array): void {
  for (let at = 0; at < theta.length; at++) {
    if (Number.isFinite(theta[at])) continue;
    const { key } = entries.find(({ offset, length }) => at < offset + length)!;
    throw new AdapterFormatError(`The adapter's tensor ${key} holds ${theta[at]}; every number must be finite.`);
  }
}
