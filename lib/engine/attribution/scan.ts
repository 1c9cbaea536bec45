import { AttributionQueryError } from './errors.ts';
import type { Codes } from './quantise.ts';
import { type RowShard, rowStride } from './row-shard.ts';
import { assembleScan, blockRows, memoryMap, queriesMax } from './wasm/scan-kernel.ts';

/** What a scan reads of an index: `count` rows of `dims` codes, whose scales are shifted by `shift` bits more than 24. */
export type ScannedRows = { shards: readonly RowShard[]; count: number; dims: number; shift?: number | undefined };

/**
 * Influence of every row on each query, exact in integers: sum of code products, times both scales (Q8.24 each), divided by
 * N x 2^(16 + shift) and cut towards zero, which is nats in Q32.32. Anyone with a row and the query's codes computes the same number.
 *
 * Runs in WASM SIMD at the speed of the memory; up to eight queries share one pass over the rows.
 * @returns one array of N scores a query
 * @throws AttributionQueryError when a score does not fit into 64 bits (2^31 nats, which no trained adapter comes near)
 */
export function scanRows(rows: ScannedRows, queries: readonly Codes[]): BigInt64Array<ArrayBuffer>[] {
  const scores: BigInt64Array<ArrayBuffer>[] = [];
  for (let i = 0; i < queries.length; i += queriesMax) scores.push(...pass(rows, queries.slice(i, i + queriesMax)));
  return scores;
}

type Scan = (row: number, end: number, count: number) => number;

/** One for each number of queries and width of rows. */
const modules = new Map<string, WebAssembly.Module>();

function pass(
  { shards, count, dims, shift = 0 }: ScannedRows,
  queries: readonly Codes[],
): BigInt64Array<ArrayBuffer>[] {
  const stride = rowStride(dims);
  const scores = queries.map(() => new BigInt64Array(count));
  const form = `${queries.length} ${stride}`;
  const module = modules.get(form) ?? new WebAssembly.Module(assembleScan(queries.length, stride));
  modules.set(form, module);
  for (const { memory, first, count: rows, at } of shards) {
    const { scan } = new WebAssembly.Instance(module, { env: { memory } }).exports as { scan: Scan };
    placeQueries(memory, queries, stride);
    const blocks = queries.map(
      (_, query) => new BigInt64Array(memory.buffer, memoryMap.scores + query * memoryMap.scoresBytes, blockRows),
    );
    for (let row = 0; row < rows; row += blockRows) {
      const end = Math.min(rows, row + blockRows);
      if (scan(at + row * stride, at + end * stride, count * 2 ** shift) !== 0) {
        throw new AttributionQueryError("The answer's gradient is too large for the scores of this index.");
      }
      for (const [query, block] of blocks.entries()) {
        scores[query]!.set(end - row === blockRows ? block : block.subarray(0, end - row), first + row);
      }
    }
  }
  return scores;
}

/** Scales, and codes widened to int16, in turns of eight codes of each query; zeros meet what follows a row's codes. */
function placeQueries(memory: WebAssembly.Memory, queries: readonly Codes[], stride: number): void {
  const scales = new Uint32Array(memory.buffer, memoryMap.scales, queriesMax);
  const widened = new Int16Array(memory.buffer, memoryMap.codes, queriesMax * stride).fill(0);
  for (const [query, { codes, scale }] of queries.entries()) {
    scales[query] = scale;
    for (let i = 0; i < codes.length; i++) {
      widened[((i >> 3) * queries.length + query) * 8 + (i & 7)] = codes[i]!;
    }
  }
}
