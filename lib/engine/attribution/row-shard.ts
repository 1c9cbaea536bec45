import { memoryMap, queriesMax } from './wasm/scan-kernel.ts';

/** Rows of one index in one WebAssembly memory, where the scan reads them; nothing is kept of them in JS. */
export type RowShard = {
  memory: WebAssembly.Memory;
  /** Number of the shard's first row in the index. */
  first: number;
  count: number;
  /** Address of the first row. */
  at: number;
};

/** A wasm32 memory ends at 4 GiB; half of it keeps every address and length within what all runtimes accept. */
const shardBytesMax = 2 ** 31;

const pageBytes = 65_536;

/** Bytes of a row: codes, zeros up to a multiple of 16 for the scan, and the scale (uint32) at the end. */
export function rowStride(dims: number): number {
  return Math.ceil((dims + 4) / 16) * 16;
}

/**
 * Memory for `count` rows of `dims` codes, to be filled through `bytesOf`.
 * @param shardBytes row bytes a shard, at most 2 GiB (the default); at least one row goes into each
 */
export function allocateShards(count: number, dims: number, shardBytes = shardBytesMax): RowShard[] {
  const stride = rowStride(dims);
  const at = memoryMap.codes + queriesMax * 2 * stride;
  const most = Math.max(1, Math.floor(shardBytes / stride));
  return Array.from({ length: Math.ceil(count / most) }, (_, i) => {
    const rows = Math.min(most, count - i * most);
    const pages = Math.ceil((at + rows * stride) / pageBytes);
    return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages }), first: i * most, count: rows, at };
  });
}

/** All rows of a shard as they lie in its memory. */
export function bytesOf({ memory, at, count }: RowShard, stride: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(memory.buffer as ArrayBuffer, at, count * stride);
}
