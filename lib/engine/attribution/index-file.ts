import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../io/write-file-atomically.ts';
import type { LoraConfig } from '../lora/config.ts';
import { AttributionIndexError } from './errors.ts';
import type { Codes } from './quantise.ts';
import { triangle, type Whitening } from './whitening.ts';

/** Method and version; scores are comparable and recomputable only within one. */
export const attributionMethod = 'lora-b-fisher-int8/1';

const magic = 'OLATTR01';

export type IndexHeader = {
  method: string;
  baseSha256: string;
  adapterSha256: string;
  lora: LoraConfig;
  seed: string;
  /** Signs per output row of the sketch. */
  width: number;
  /** Features a row. */
  dims: number;
  /** Feature count and damping of each layer. */
  layers: { size: number; lambda: number }[];
  /** Effective dimension tr F (F + lambda I)^-1 over all layers; dims should be at least 15 times it. */
  dEff: number;
  maxSeqLength: number;
  /** Row ids in row order. */
  exampleIds: string[];
};

/** An index in memory. Row u: `codes[u * dims ..]` and `scales[u]` (Q8.24). */
export type AttributionIndex = {
  header: IndexHeader;
  sha256: string;
  whitenings: Whitening[];
  codes: Int8Array;
  scales: Uint32Array;
};

/**
 * Writes: magic (8 bytes), header length (uint32), header JSON padded with spaces to 8 bytes, the factors (float32, packed
 * lower triangles), then per row the codes, zero padding to 4 bytes, and the scale (uint32). Little-endian. Atomic.
 *
 * @returns SHA-256 of the file
 */
export async function writeIndex(
  path: string,
  header: IndexHeader,
  whitenings: readonly Whitening[],
  rows: readonly Codes[],
): Promise<string> {
  const json = JSON.stringify(header);
  const bytes = Buffer.byteLength(json);
  const head = Buffer.alloc(Math.ceil((12 + bytes) / 8) * 8, ' ');
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(head.length - 12, 8);
  head.write(json, 12);
  const stride = rowStride(header.dims);
  const body = Buffer.alloc(rows.length * stride);
  for (const [row, { codes, scale }] of rows.entries()) {
    body.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.length), row * stride);
    body.writeUInt32LE(scale, (row + 1) * stride - 4);
  }
  const factors = whitenings.map(({ factor }) => new Uint8Array(factor.buffer, factor.byteOffset, factor.byteLength));
  const parts = [head, ...factors, body];
  await writeFileAtomically(path, parts);
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** @throws AttributionIndexError if the file is not a whole index of this method */
export async function readIndex(path: string): Promise<AttributionIndex> {
  const file = await readFile(path).catch((cause: unknown) => {
    throw new AttributionIndexError(`The attribution index ${path} cannot be read.`, { cause });
  });
  const header = parseHeader(path, file);
  const { dims, layers, exampleIds } = header;
  let offset = 12 + file.readUInt32LE(8);
  const stride = rowStride(dims);
  const factorBytes = layers.reduce((sum, { size }) => sum + 4 * triangle(size), 0);
  if (file.length !== offset + factorBytes + exampleIds.length * stride) {
    throw new AttributionIndexError(`The attribution index ${path} is truncated or has bytes too many.`);
  }
  const whitenings = layers.map(({ size, lambda }) => {
    const factor = new Float32Array(
      file.buffer.slice(file.byteOffset + offset, file.byteOffset + offset + 4 * triangle(size)),
    );
    offset += factor.byteLength;
    return { factor, size, lambda };
  });
  const codes = new Int8Array(exampleIds.length * dims);
  const scales = new Uint32Array(exampleIds.length);
  for (let row = 0; row < exampleIds.length; row++, offset += stride) {
    codes.set(new Int8Array(file.buffer, file.byteOffset + offset, dims), row * dims);
    scales[row] = file.readUInt32LE(offset + stride - 4);
  }
  return { header, sha256: createHash('sha256').update(file).digest('hex'), whitenings, codes, scales };
}

function parseHeader(path: string, file: Buffer): IndexHeader {
  if (file.length < 12 || file.toString('latin1', 0, 8) !== magic) {
    throw new AttributionIndexError(`${path} is no attribution index.`);
  }
  let header: IndexHeader;
  try {
    header = JSON.parse(file.toString('utf8', 12, 12 + file.readUInt32LE(8)));
  } catch (cause) {
    throw new AttributionIndexError(`The attribution index ${path} has a broken header.`, { cause });
  }
  if (header.method !== attributionMethod) {
    throw new AttributionIndexError(`${path} was made by ${header.method}; this engine reads ${attributionMethod}.`);
  }
  return header;
}

function rowStride(dims: number): number {
  return Math.ceil(dims / 4) * 4 + 4;
}
