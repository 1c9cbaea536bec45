/** Bytes of one element by dtype name, as the format defines them. */
const elementBytes: Record<string, number> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};

const headerBytesMax = 100_000_000;

/** Where a tensor lies: `begin` and `end` are byte offsets into the data section. */
export type StoredTensor = { dtype: string; shape: number[]; begin: number; end: number };

export type SafetensorsHeader = {
  metadata: Record<string, string>;
  entries: Map<string, StoredTensor>;
  dataStart: number;
};

/** A safetensors file that cannot be read or written. The message names the file and what is wrong. */
export class SafetensorsError extends Error {
  readonly code = 'safetensors_invalid';
  override readonly name = 'SafetensorsError';

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}.`, options);
  }
}

/**
 * Parses and checks the header: length, JSON, dtypes, shapes, and that the tensors tile the data section exactly
 * (no hole, no overlap, nothing after the end), as the reference implementation demands.
 *
 * @param size bytes of the whole file
 * @param read gives `length` bytes at `position`
 * @throws SafetensorsError
 */
export async function parseSafetensorsHeader(
  path: string,
  size: number,
  read: (position: number, length: number) => Promise<Buffer>,
): Promise<SafetensorsHeader> {
  if (size < 8) throw new SafetensorsError(path, `the file has ${size} bytes, too few for a header`);
  const length = Number((await read(0, 8)).readBigUInt64LE());
  if (length > headerBytesMax) throw new SafetensorsError(path, `the header claims ${length} bytes, more than allowed`);
  if (length > size - 8) throw new SafetensorsError(path, `the header claims ${length} bytes, the file has ${size}`);
  const { __metadata__: metadata = {}, ...tensors } = parseJson(path, await read(8, length));
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw new SafetensorsError(path, '__metadata__ is not a map of strings');
  }
  const entries = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(tensors)) entries.set(name, parseEntry(path, name, entry));
  checkTiling(path, entries, size - 8 - length);
  return { metadata: metadata as Record<string, string>, entries, dataStart: 8 + length };
}

function parseJson(path: string, bytes: Buffer): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new SafetensorsError(path, 'the header is not valid JSON', { cause });
  }
  if (!isRecord(json)) throw new SafetensorsError(path, 'the header is not a JSON object');
  return json;
}

function parseEntry(path: string, name: string, entry: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const width = typeof dtype === 'string' ? elementBytes[dtype] : undefined;
  if (typeof dtype !== 'string' || !width) {
    throw new SafetensorsError(path, `tensor ${name} has the unknown dtype ${JSON.stringify(dtype)}`);
  }
  if (!isCounts(shape))
    throw new SafetensorsError(path, `tensor ${name} has the invalid shape ${JSON.stringify(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[1]! < offsets[0]!) {
    throw new SafetensorsError(path, `tensor ${name} has the invalid data_offsets ${JSON.stringify(offsets)}`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, dim) => product * dim, width);
  if (bytes !== end - begin) {
    throw new SafetensorsError(path, `tensor ${name} of shape [${shape}] needs ${bytes} bytes, it has ${end - begin}`);
  }
  return { dtype, shape, begin, end };
}

function checkTiling(path: string, entries: ReadonlyMap<string, StoredTensor>, dataBytes: number): void {
  const ordered = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let position = 0;
  for (const [name, { begin, end }] of ordered) {
    if (begin !== position) {
      throw new SafetensorsError(path, `tensor ${name} starts at byte ${begin}, the one before it ends at ${position}`);
    }
    position = end;
  }
  if (position > dataBytes) {
    throw new SafetensorsError(path, `the file is truncated: ${dataBytes} bytes of tensor data, ${position} expected`);
  }
  if (position < dataBytes) throw new SafetensorsError(path, `${dataBytes - position} bytes belong to no tensor`);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
