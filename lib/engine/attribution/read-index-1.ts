import type { AttributionIndex } from './attribution-index.ts';
import type { IndexFile } from './index-file.ts';
import { factorBytes, type IndexHeader, parseHeader } from './index-header.ts';
import { packIds } from './packed-ids.ts';
import { takeWhitenings } from './read-whitenings.ts';
import { allocateShards, bytesOf, rowStride } from './row-shard.ts';

export const magicOfFormat1 = 'OLATTR01';

type Header1 = Omit<IndexHeader, 'rankWidth' | 'rows' | 'fisherRows' | 'idBytes'> & { exampleIds: string[] };

/**
 * The rest of an index file of format 1, so that receipts made with one stay verifiable. It has the ids in its header, the
 * Fisher of all rows, and rows padded to 4 bytes: codes, zeros, scale.
 *
 * @throws AttributionIndexError
 */
export async function readFormat1(file: IndexFile, jsonBytes: number): Promise<AttributionIndex> {
  const { exampleIds, ...rest } = parseHeader<Header1>(file.path, Buffer.from(await file.take(jsonBytes)).toString());
  const { dims, layers, lora } = rest;
  const rows = exampleIds.length;
  const stride = Math.ceil(dims / 4) * 4 + 4;
  file.expect(12 + jsonBytes + factorBytes(layers) + rows * stride);
  const whitenings = await takeWhitenings(file, layers);
  const shards = allocateShards(rows, dims);
  const wide = rowStride(dims);
  for (const shard of shards) {
    const target = bytesOf(shard, wide);
    for (let row = 0; row < shard.count; row++) {
      const bytes = await file.take(stride);
      target.set(bytes.subarray(0, dims), row * wide);
      target.set(bytes.subarray(stride - 4), (row + 1) * wide - 4);
    }
  }
  const ids = packIds(exampleIds);
  const header = { ...rest, rankWidth: lora.r, rows, fisherRows: rows, idBytes: ids.utf8.length };
  return { header, sha256: file.sha256(), whitenings, bases: null, directions: null, positions: null, ids, shards };
}
