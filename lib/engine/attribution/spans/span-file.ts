import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { AttributionIndexError } from '../errors.ts';
import type { SpanIndex, SpanShard } from './span-index.ts';

/** Sizes of all sections; with them the file is read without looking into it. */
export type SpanFileHeader = {
  /** Number of token ids. */
  vocabulary: number;
  rows: number;
  idBytes: number;
  tokenBytes: 2 | 4;
  /** `length`: tokens and row ends. */
  shards: { rows: number; length: number }[];
};

const magic = 'OLSPAN01';

/** Magic (8 bytes), length of the JSON (uint32), the header as JSON. */
export function headerOf(header: SpanFileHeader): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const head = Buffer.alloc(12);
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(json.length, 8);
  return Buffer.concat([head, json]);
}

/**
 * Reads an index whole, section by section into arrays of its own (little-endian): rarity [vocabulary] int32, id starts
 * [rows + 1] uint32, ids, then per shard row starts [rows + 1] int32, tokens [length] of 2 or 4 bytes, suffixes [length] int32.
 *
 * @throws AttributionIndexError if the file is no whole index
 */
export async function readSpanIndex(path: string): Promise<SpanIndex> {
  const file = await open(path).catch((cause: unknown) => {
    throw new AttributionIndexError(`The span index ${path} cannot be read.`, { cause });
  });
  try {
    const reader = new SectionReader(file, path);
    const { vocabulary, rows, idBytes, tokenBytes, shards } = await readHeader(reader, path);
    const millibits = new Int32Array(await reader.section(4 * vocabulary));
    const idStarts = new Uint32Array(await reader.section(4 * (rows + 1)));
    const ids = new Uint8Array(await reader.section(idBytes));
    const read: SpanShard[] = [];
    for (const { rows: shardRows, length } of shards) {
      const rowStarts = new Int32Array(await reader.section(4 * (shardRows + 1)));
      const tokens = await reader.section(tokenBytes * length);
      const suffixes = new Int32Array(await reader.section(4 * length));
      read.push({ rowStarts, tokens: tokenBytes === 2 ? new Uint16Array(tokens) : new Int32Array(tokens), suffixes });
    }
    const tokens = shards.reduce((sum, shard) => sum + shard.length - shard.rows, 0);
    return { sha256: await reader.end(), rows, tokens, millibits, shards: read, idStarts, idBytes: ids };
  } finally {
    await file.close();
  }
}

async function readHeader(reader: SectionReader, path: string): Promise<SpanFileHeader> {
  const head = Buffer.from(await reader.section(12));
  if (head.toString('latin1', 0, 8) !== magic) throw new AttributionIndexError(`${path} is no span index.`);
  const json = Buffer.from(await reader.section(head.readUInt32LE(8))).toString();
  try {
    return JSON.parse(json) as SpanFileHeader;
  } catch (cause) {
    throw new AttributionIndexError(`The span index ${path} has a broken header.`, { cause });
  }
}

/** Sections of their own, because one buffer cannot be larger than 4 GiB and views would need padding. */
class SectionReader {
  private readonly hash: Hash = createHash('sha256');
  private readonly file: FileHandle;
  private readonly path: string;

  constructor(file: FileHandle, path: string) {
    this.file = file;
    this.path = path;
  }

  async section(bytes: number): Promise<ArrayBuffer> {
    if (bytes > (await this.file.stat()).size) throw this.broken();
    const section = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await this.file.read(section, at, Math.min(bytes - at, 1 << 30));
      if (bytesRead === 0) throw this.broken();
      at += bytesRead;
    }
    this.hash.update(section);
    return section.buffer;
  }

  /** SHA-256 of all that was read; nothing may follow. */
  async end(): Promise<string> {
    const { bytesRead } = await this.file.read(new Uint8Array(1), 0, 1);
    if (bytesRead > 0) throw this.broken();
    return this.hash.digest('hex');
  }

  private broken(): AttributionIndexError {
    return new AttributionIndexError(`The span index ${this.path} is truncated or has bytes too many.`);
  }
}
