import { encodeFloats, floatBytes } from './encode-floats.ts';
import { SafetensorsError, type StoredTensor } from './safetensors-header.ts';
import { type FloatDtype, type LoadedTensor, SafetensorsReader } from './safetensors-reader.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export type SafetensorsFile = { metadata: Readonly<Record<string, string>>; tensors: Map<string, LoadedTensor> };

/** What `writeSafetensors` needs of a tensor. */
export type TensorLike = { shape: readonly number[]; data: Float32Array };

/** A tensor that is made when its turn comes. */
export type PlannedTensor = { shape: readonly number[]; dtype: FloatDtype; load: () => Promise<Float32Array> };

/**
 * Reads a whole safetensors file (https://huggingface.co/docs/safetensors), widening F16 and BF16 to float32.
 *
 * @throws SafetensorsError if the header or the layout is not exactly what the format asks, or a dtype is not a float
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const reader = await SafetensorsReader.open(path);
  try {
    const tensors = new Map<string, LoadedTensor>();
    for (const name of reader.entries.keys()) tensors.set(name, await reader.read(name));
    return { metadata: reader.metadata, tensors };
  } finally {
    await reader.close();
  }
}

/** Reads only names, dtypes and shapes: cheap even for a checkpoint of many gigabytes. @throws SafetensorsError */
export async function readSafetensorsHeader(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const reader = await SafetensorsReader.open(path);
  await reader.close();
  return reader.entries;
}

/**
 * Writes tensors as the safetensors library does, to the byte; equal tensors give equal bytes whatever order the map
 * has. Atomic and synced.
 *
 * @throws SafetensorsError if a tensor's data does not fit its shape, or a finite value does not fit F16
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorLike>,
  { metadata = {}, dtype }: { metadata?: Record<string, string>; dtype: FloatDtype },
): Promise<void> {
  const plan = [...tensors].map(([name, { shape, data }]): [string, PlannedTensor] => [
    name,
    { shape, dtype, load: async () => data },
  ]);
  await streamSafetensors(path, new Map(plan), metadata);
}

/** `writeSafetensors` for tensors that do not fit into memory together: each is loaded, written and forgotten. */
export async function streamSafetensors(
  path: string,
  tensors: ReadonlyMap<string, PlannedTensor>,
  metadata: Record<string, string> = {},
): Promise<void> {
  // The library sorts by width of the dtype, widest first, so that all stay aligned; then by name.
  const order = [...tensors].sort(([a, { dtype: da }], [b, { dtype: db }]) =>
    da === db ? (a < b ? -1 : 1) : dtypeOrder.indexOf(da) - dtypeOrder.indexOf(db),
  );
  const header: Record<string, unknown> = { __metadata__: sortKeys({ format: 'pt', ...metadata }) };
  let offset = 0;
  for (const [name, { dtype, shape }] of order) {
    const end = offset + sizeOf(shape) * floatBytes[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield frameHeader(header);
    for (const [name, tensor] of order) yield await encodeTensor(path, name, tensor);
  }
  await writeFileAtomically(path, parts());
}

const dtypeOrder: readonly FloatDtype[] = ['F32', 'BF16', 'F16'];

function frameHeader(header: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  json.copy(padded, 8);
  return padded;
}

async function encodeTensor(path: string, name: string, { shape, dtype, load }: PlannedTensor): Promise<Uint8Array> {
  const data = await load();
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new SafetensorsError(path, `tensor ${name} has ${data.length} values, its shape [${shape}] asks for ${size}`);
  }
  try {
    return encodeFloats(data, dtype);
  } catch (cause) {
    throw new SafetensorsError(path, `tensor ${name} holds ${(cause as Error).message}`, { cause });
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

function sortKeys(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
