import { type FileHandle, open } from 'node:fs/promises';
import { bfloatBitsFromFloats, floatsFromBfloatBits, floatsFromHalfBits, halfBitsFromFloats } from './half-float.ts';
import { parseSafetensorsHeader, SafetensorsError, type StoredTensor } from './safetensors-header.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** A dense tensor in memory, always float32, row major. `dtype` is how the file stores it. */
export type LoadedTensor = { dtype: 'F32' | 'F16' | 'BF16'; shape: number[]; data: Float32Array };

export type SafetensorsFile = { metadata: Record<string, string>; tensors: Map<string, LoadedTensor> };

/** What `writeSafetensors` needs of a tensor. */
export type TensorLike = { shape: readonly number[]; data: Float32Array };

/**
 * Reads a whole safetensors file (https://huggingface.co/docs/safetensors), widening F16 and BF16 to float32.
 *
 * @throws SafetensorsError if the header or the layout is not exactly what the format asks, or a dtype is not a float
 */
export async function readSafetensors(path: string): Promise<SafetensorsFile> {
  const file = await open(path, 'r');
  try {
    const { metadata, entries, dataStart } = await readHeader(file, path);
    const tensors = new Map<string, LoadedTensor>();
    for (const [name, entry] of entries) tensors.set(name, await readTensor(file, path, name, entry, dataStart));
    return { metadata, tensors };
  } finally {
    await file.close();
  }
}

/** Reads only names, dtypes and shapes: cheap even for a checkpoint of many gigabytes. @throws SafetensorsError */
export async function readSafetensorsHeader(path: string): Promise<ReadonlyMap<string, StoredTensor>> {
  const file = await open(path, 'r');
  try {
    return (await readHeader(file, path)).entries;
  } finally {
    await file.close();
  }
}

/**
 * Writes tensors in name order, so equal tensors give equal bytes whatever order the map has. Atomic and synced.
 *
 * @throws SafetensorsError if a tensor's data does not fit its shape, or a finite value does not fit F16
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorLike>,
  { metadata = {}, dtype }: { metadata?: Record<string, string>; dtype: LoadedTensor['dtype'] },
): Promise<void> {
  const names = [...tensors.keys()].sort();
  const header: Record<string, unknown> = { __metadata__: sortKeys({ format: 'pt', ...metadata }) };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const name of names) {
    const { shape, data } = tensors.get(name)!;
    const bytes = encodeTensor(path, name, shape, data, dtype);
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] };
    offset += bytes.byteLength;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeFileAtomically(path, [length, padded, ...parts]);
}

async function readHeader(file: FileHandle, path: string): ReturnType<typeof parseSafetensorsHeader> {
  const { size } = await file.stat();
  return parseSafetensorsHeader(path, size, async (position, length) => {
    const bytes = Buffer.alloc(length);
    await readExactly(file, path, bytes, position);
    return bytes;
  });
}

async function readTensor(
  file: FileHandle,
  path: string,
  name: string,
  { dtype, shape, begin, end }: StoredTensor,
  dataStart: number,
): Promise<LoadedTensor> {
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
    throw new SafetensorsError(path, `tensor ${name} is stored as ${dtype}; F32, F16 and BF16 are supported`);
  }
  const bytes = new Uint8Array(end - begin);
  await readExactly(file, path, bytes, dataStart + begin);
  if (dtype === 'F32') return { dtype, shape, data: new Float32Array(bytes.buffer) };
  const bits = new Uint16Array(bytes.buffer);
  return { dtype, shape, data: dtype === 'F16' ? floatsFromHalfBits(bits) : floatsFromBfloatBits(bits) };
}

async function readExactly(file: FileHandle, path: string, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const length = Math.min(target.length - done, 1 << 30);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) throw new SafetensorsError(path, 'the file ends early');
    done += bytesRead;
  }
}

function encodeTensor(
  path: string,
  name: string,
  shape: readonly number[],
  data: Float32Array,
  dtype: LoadedTensor['dtype'],
): Uint8Array {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) {
    throw new SafetensorsError(path, `tensor ${name} has ${data.length} values, its shape [${shape}] asks for ${size}`);
  }
  if (dtype === 'F32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (dtype === 'BF16') return new Uint8Array(bfloatBitsFromFloats(data).buffer);
  const overflow = data.find((value) => Math.abs(value) >= 65520 && Number.isFinite(value));
  if (overflow !== undefined) throw new SafetensorsError(path, `tensor ${name} holds ${overflow}, too large for F16`);
  return new Uint8Array(halfBitsFromFloats(data).buffer);
}

function sortKeys(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
