import type { Value } from '../graph/builder.ts';
import {
  add,
  concat,
  firstOf,
  full,
  matmul,
  mul,
  neg,
  reduceSum,
  reshape,
  softmax,
  split,
  transpose,
} from '../graph/ops.ts';

/** Query positions of one chunk, and the keys that it may see: positions 0 to `end`. */
type Chunk = { size: number; end: number; q: Value; k: Value; v: Value; p: Value; o: Value };

/**
 * Grouped-query attention over whole sequences, each position seeing itself and those before it.
 *
 * Queries are cut into chunks that are multiplied only with the keys up to their end: four chunks leave out 37 % of the
 * scores. The gradient is FlashAttention's (Dao et al. 2022, arXiv 2205.14135, section B.4): the row sum that the softmax
 * rule asks for is taken over the head's output in place of the scores, and enters as one more column of the product.
 *
 * @param queries [B, H, T, hd], scaled; keys and values [B, kv, T, hd]
 * @param bias added to the scores, broadcastable to [B, kv, H/kv, T, T]; hides later positions, and may hide others
 * @returns [B, H, T, hd]
 */
export function attendCausally(queries: Value, keys: Value, values: Value, bias: Value): Value {
  const [batch, heads, time, width] = queries.shape as [number, number, number, number];
  const groups = keys.shape[1]!;
  const perGroup = heads / groups;
  const sizes = chunkSizes(time);
  const grouped = split(reshape(queries, [batch, groups, perGroup, time, width]), sizes, 3);
  const biases = bias.shape.at(-2) === time ? split(bias, sizes, -2) : sizes.map(() => bias);
  let end = 0;
  const chunks = sizes.map((size, i): Chunk => {
    end += size;
    const q = reshape(grouped[i]!, [batch, groups, perGroup * size, width]);
    const [k, v] = [firstOf(keys, end, 2), firstOf(values, end, 2)];
    const scores = reshape(matmul(q, swap(k)), [batch, groups, perGroup, size, end]);
    const p = reshape(softmax(add(scores, firstOf(biases[i]!, end, -1))), [batch, groups, perGroup * size, end]);
    return { size, end, q, k, v, p, o: matmul(p, v) };
  });
  const join = (pieces: Value[]): Value => {
    const rows = pieces.map((piece, i) => reshape(piece, [batch, groups, perGroup, sizes[i]!, width]));
    return reshape(concat(rows, 3), [batch, heads, time, width]);
  };
  const output = join(chunks.map(({ o }) => o));
  return queries.graph.composite('attendCausally', [queries, keys, values], output, (_node, [dy]) => {
    const cotangents = split(reshape(dy!, [batch, groups, perGroup, time, width]), sizes, 3);
    const parts = chunks.map((chunk, i) => chunkGradient(chunk, reshape(cotangents[i]!, chunk.o.shape)));
    return [
      join(parts.map(({ dq }) => dq)),
      sumPrefixes(
        parts.map(({ turnedDk }) => turnedDk),
        sizes,
      ),
      sumPrefixes(
        parts.map(({ turnedDv }) => turnedDv),
        sizes,
      ),
    ];
  });
}

function chunkGradient({ q, k, v, p, o }: Chunk, dy: Value): { dq: Value; turnedDk: Value; turnedDv: Value } {
  const rowSum = reduceSum(mul(dy, o), [-1]);
  const wide = concat([v, full(v, [...v.shape.slice(0, -1), 1], 1)], -1);
  // dy v' - rowSum, as one product.
  const ds = mul(p, matmul(concat([dy, neg(rowSum)], -1), swap(wide)));
  // Turned, so that the thin factor is the one that is transposed: [hd, size] x [size, end].
  return { dq: matmul(ds, k), turnedDk: matmul(swap(q), ds), turnedDv: matmul(swap(dy), p) };
}

/** Sums gradients [B, kv, hd, end] that begin at position 0 and end with their chunk, into [B, kv, T, hd]. */
function sumPrefixes(pieces: readonly Value[], sizes: readonly number[]): Value {
  const cut = pieces.map((piece, i) => split(piece, sizes.slice(0, i + 1), 3));
  const blocks = sizes.map((_, block) =>
    cut
      .slice(block)
      .map((parts) => parts[block]!)
      .reduce((sum, part) => add(sum, part)),
  );
  return swap(concat(blocks, 3));
}

/** Four chunks where each still makes a matrix product of a fair size. */
function chunkSizes(time: number): number[] {
  const count = time >= 128 ? 4 : time >= 64 ? 2 : 1;
  const size = Math.ceil(time / count);
  return Array.from({ length: count }, (_, i) => Math.min(size, time - i * size));
}

function swap(x: Value): Value {
  return transpose(x, [0, 1, 3, 2]);
}
