import { encodeFloats, floatBytes } from '../encode-floats.ts';
import { writeFileAtomically } from '../write-file-atomically.ts';
import { encodeGgufEntry, encodeGgufString, encodeU32, encodeU64, type GgufMetadata } from './gguf-value.ts';

/** What llama.cpp reads on every CPU. */
export type GgufDtype = 'F32' | 'F16';

/** A tensor that is made when its turn comes; `shape` is row major, as everywhere in the engine. */
export type GgufTensor = {
  name: string;
  shape: readonly number[];
  dtype: GgufDtype;
  load: () => Promise<Float32Array>;
};

/** A model that cannot be written as GGUF without changing what it computes; the message names the feature. */
export class GgufExportError extends Error {
  readonly code = 'gguf_export_unsupported';
  override readonly name = 'GgufExportError';
}

const version = 3;
const alignment = 32;
const ggmlType: Readonly<Record<GgufDtype, number>> = { F32: 0, F16: 1 };

/**
 * Writes a GGUF file (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), little-endian, version 3, one tensor
 * in memory at a time. Atomic and synced; equal input gives equal bytes.
 *
 * @throws GgufExportError if a tensor's data does not fit its shape or F16
 */
export async function writeGguf(path: string, metadata: GgufMetadata, tensors: readonly GgufTensor[]): Promise<void> {
  const head = encodeHead(metadata, tensors);
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield head;
    yield padding(head.length);
    for (const tensor of tensors) {
      const bytes = await encodeTensor(tensor);
      yield bytes;
      yield padding(bytes.length);
    }
  }
  await writeFileAtomically(path, parts());
}

function encodeHead(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  const parts: Uint8Array[] = [
    Buffer.from('GGUF'),
    encodeU32(version),
    encodeU64(tensors.length),
    encodeU64(metadata.size),
  ];
  for (const [key, value] of metadata) parts.push(...encodeGgufEntry(key, value));
  let offset = 0;
  for (const { name, shape, dtype } of tensors) {
    // ggml counts dimensions from the fastest one.
    parts.push(encodeGgufString(name), encodeU32(shape.length), ...shape.toReversed().map(encodeU64));
    parts.push(encodeU32(ggmlType[dtype]), encodeU64(offset));
    offset = alignUp(offset + sizeOf(shape) * floatBytes[dtype]);
  }
  return Buffer.concat(parts);
}

async function encodeTensor({ name, shape, dtype, load }: GgufTensor): Promise<Uint8Array> {
  const data = await load();
  if (data.length !== sizeOf(shape)) {
    throw new GgufExportError(
      `The tensor ${name} has ${data.length} values, its shape [${shape}] asks for ${sizeOf(shape)}.`,
    );
  }
  try {
    return encodeFloats(data, dtype);
  } catch (cause) {
    throw new GgufExportError(`The tensor ${name} holds ${(cause as Error).message}; write F32.`, { cause });
  }
}

function padding(length: number): Uint8Array {
  return new Uint8Array(alignUp(length) - length);
}

function alignUp(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
