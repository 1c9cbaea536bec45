import { createHash } from 'node:crypto';
import { writeFileAtomically } from '../../io/write-file-atomically.ts';
import { buildShard } from './build-shard.ts';
import { headerOf, type SpanFileHeader } from './span-file.ts';
import type { SpanRow } from './span-index.ts';

export type BuiltSpanIndex = {
  /** SHA-256 of the file; equal rows give equal bytes on every machine. */
  sha256: string;
  rows: number;
  tokens: number;
  bytes: number;
};

/** Keeps the suffix sort of one shard under some 0.5 GB. */
const shardTokensMax = 32_000_000;

/**
 * Writes the suffix index of a training set: header, rarity of tokens, row ids, then per shard row starts, tokens and
 * suffixes (`readSpanIndex` has the layout). 6 bytes a token on disk (8 with 65,535 token ids or more); linear in the
 * tokens; one shard in memory at a time. Atomic.
 *
 * @param vocabulary number of token ids; every token of the rows is below it
 */
export async function writeSpanIndex(
  path: string,
  rows: readonly SpanRow[],
  vocabulary: number,
  { shardTokens = shardTokensMax }: { shardTokens?: number } = {},
): Promise<BuiltSpanIndex> {
  const shards = divideIntoShards(rows, shardTokens);
  const ids = rows.map(({ id }) => Buffer.from(id));
  const header: SpanFileHeader = {
    vocabulary,
    rows: rows.length,
    idBytes: ids.reduce((sum, id) => sum + id.length, 0),
    tokenBytes: vocabulary < 2 ** 16 - 1 ? 2 : 4,
    shards: shards.map((part) => ({ rows: part.length, length: lengthOf(part) + part.length })),
  };
  const hash = createHash('sha256');
  let bytes = 0;
  function* parts(): Generator<Uint8Array> {
    for (const part of sections(header, rows, ids, shards)) {
      hash.update(part);
      bytes += part.length;
      yield part;
    }
  }
  await writeFileAtomically(path, parts());
  return { sha256: hash.digest('hex'), rows: rows.length, tokens: lengthOf(rows), bytes };
}

function* sections(
  header: SpanFileHeader,
  rows: readonly SpanRow[],
  ids: readonly Buffer[],
  shards: readonly SpanRow[][],
): Generator<Uint8Array> {
  yield headerOf(header);
  yield bytesOf(millibitsOf(rows, header.vocabulary));
  const idStarts = new Uint32Array(rows.length + 1);
  for (const [row, id] of ids.entries()) idStarts[row + 1] = idStarts[row]! + id.length;
  yield bytesOf(idStarts);
  yield Buffer.concat(ids);
  for (const part of shards) {
    const { rowStarts, tokens, suffixes } = buildShard(part, header.vocabulary);
    yield bytesOf(rowStarts);
    yield bytesOf(tokens);
    yield bytesOf(suffixes);
  }
}

/** Rows stay whole and in order; a row longer than a shard gets one to itself. */
function divideIntoShards(rows: readonly SpanRow[], shardTokens: number): SpanRow[][] {
  const shards: SpanRow[][] = [];
  let room = 0;
  for (const row of rows) {
    if (shards.length === 0 || row.tokens.length > room) {
      shards.push([]);
      room = shardTokens;
    }
    shards.at(-1)!.push(row);
    room -= row.tokens.length;
  }
  return shards;
}

/** -log2 of each token's share of all tokens; a token that does not occur counts as if it occurred once. */
function millibitsOf(rows: readonly SpanRow[], vocabulary: number): Int32Array {
  const counts = new Float64Array(vocabulary);
  for (const { tokens } of rows) for (let i = 0; i < tokens.length; i++) counts[tokens[i]!]!++;
  const total = Math.max(1, lengthOf(rows));
  return Int32Array.from(counts, (count) => Math.round(1000 * Math.log2(total / Math.max(1, count))));
}

function lengthOf(rows: readonly SpanRow[]): number {
  return rows.reduce((sum, { tokens }) => sum + tokens.length, 0);
}

function bytesOf({ buffer, byteOffset, byteLength }: Int32Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
