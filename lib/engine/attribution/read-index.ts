import type { AttributionIndex } from './attribution-index.ts';
import { AttributionIndexError } from './errors.ts';
import { type IndexFile, openIndexFile } from './index-file.ts';
import { basisBytes, factorBytes, type IndexHeader, parseHeader } from './index-header.ts';
import { takeBases } from './read-bases.ts';
import { directionBytes, takeDirections } from './read-directions.ts';
import { magicOfFormat1, readFormat1 } from './read-index-1.ts';
import { fillUnpacked, takeRowForm } from './read-packed-rows.ts';
import { takeWhitenings } from './read-whitenings.ts';
import { allocateShards, bytesOf, rowStride } from './row-shard.ts';
import { indexMagic, paddingOf } from './write-index.ts';

/**
 * Reads an index straight into the memories that the scan works in.
 * @param shardBytes row bytes a shard, see `allocateShards`
 * @throws AttributionIndexError if the file is not a whole index of this method
 */
export async function readIndex(path: string, shardBytes?: number): Promise<AttributionIndex> {
  const file = await openIndexFile(path);
  try {
    const magic = Buffer.from(await file.take(12));
    if (magic.toString('latin1', 0, 8) === magicOfFormat1) return await readFormat1(file, magic.readUInt32LE(8));
    if (magic.toString('latin1', 0, 8) !== indexMagic) {
      throw new AttributionIndexError(`${path} is no attribution index.`);
    }
    return await readFormat2(file, magic.readUInt32LE(8), shardBytes);
  } finally {
    await file.close();
  }
}

async function readFormat2(file: IndexFile, jsonBytes: number, shardBytes?: number): Promise<AttributionIndex> {
  const header = parseHeader<IndexHeader>(file.path, Buffer.from(await file.take(jsonBytes)).toString());
  const { rows, dims, layers, factors, bases = [], idBytes } = header;
  const stride = rowStride(dims);
  const bytesOfIds = 4 * (rows + 1) + idBytes;
  const form = await takeRowForm(file, header);
  const before = form
    ? Math.ceil(form.widths.length / 4)
    : header.directions
      ? directionBytes(header)
      : factorBytes(layers, factors) + basisBytes(bases, header.lora.r, header.rankWidth);
  file.expect(12 + jsonBytes + before + bytesOfIds + paddingOf(bytesOfIds) + rows * (form?.bytes ?? stride));
  const directions = await takeDirections(file, header);
  const whitenings = form || directions ? [] : await takeWhitenings(file, layers, factors);
  const taken = await takeBases(file, header);
  const ids = { offsets: new Uint32Array((await file.take(4 * (rows + 1))).buffer), utf8: await file.take(idBytes) };
  await file.take(paddingOf(bytesOfIds));
  const shards = allocateShards(rows, dims, shardBytes);
  for (const shard of shards) {
    const target = bytesOf(shard, stride);
    if (form) await fillUnpacked(file, form, target, stride);
    else await file.fill(target);
  }
  const positions = form?.positions ?? null;
  return { header, sha256: file.sha256(), whitenings, bases: taken, directions, positions, ids, shards };
}
