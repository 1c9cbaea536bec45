import { encodeWasmModule, type WasmCode, type WasmType } from './encode.ts';
import { i32, i32x4, i64, local, repeatWhile, v128 } from './instructions.ts';

/** Queries that one pass over the rows can answer: eight accumulators are what the registers hold. */
export const queriesMax = 8;

/** Rows a call; few, because V8 swaps in its optimised code only between calls. */
export const blockRows = 4096;

const scoresBytes = blockRows * 8;

/**
 * Where things lie in a shard's memory: the queries' scales (uint32 each), their scores (int64, one block a query), then
 * their codes (int16, in turns of eight codes of each query), then the rows.
 */
export const memoryMap = { scales: 0, scores: 64, codes: 64 + queriesMax * scoresBytes, scoresBytes } as const;

/**
 * A module with one function, `scan(row, end, count) -> overflow`: the scores of `queries` queries for the rows that
 * lie from `row` to `end`, at least one and at most `blockRows`. A row is `stride` bytes, a multiple of 16: int8 codes,
 * anything that the queries meet with zeros, and in its last four bytes the scale (uint32). `count` is the divisor N.
 *
 * Exact: products of int8 are summed in pairs by `i32x4.dot_i16x8_s` (at most 2 x 128 x 127, far within 32 bits) and on in
 * int32 lanes, whose total stays under 2^31 for up to 132,104 codes of +-128 times +-127. `scoreOf` says what follows.
 * No relaxed SIMD: every instruction has one result on every machine.
 */
export function assembleScan(queries: number, stride: number): Uint8Array<ArrayBuffer> {
  const accumulators: WasmType[] = new Array<WasmType>(queries * chainsOf(queries)).fill('v128');
  const body: WasmCode = [
    ...[i32.const(memoryMap.scores), local.set(output)],
    ...[local.get(count), i64.extendUnsigned, local.set(divisor)],
    repeatWhile([
      sumProducts(queries, stride),
      ...[local.get(row), i32.const(stride), i32.add, local.set(row)],
      ...[local.get(row), i32.const(4), i32.sub, i64.load32(), local.set(rowScale)],
      range(queries).map((query) => scoreOf(query, chainsOf(queries))),
      ...[local.get(output), i32.const(8), i32.add, local.set(output)],
      ...[local.get(row), local.get(end), i32.notEqual],
    ]),
    ...[local.get(overflow), i64.const(31), i64.shiftRightUnsigned, i32.wrap],
  ];
  return encodeWasmModule([
    {
      name: 'scan',
      params: ['i32', 'i32', 'i32'],
      results: ['i32'],
      locals: ['i32', 'i32', 'i32', 'i32', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'v128', ...accumulators],
      body,
    },
  ]);
}

const [row, end, count] = [0, 1, 2] as const;
const [code, query, output, last] = [3, 4, 5, 6] as const;
const [divisor, rowScale, sign, low, high, quotient, overflow] = [7, 8, 9, 10, 11, 12, 13] as const;
const [codes, sums] = [14, 15] as const;

/** Sums that a query's products go to in turn: a lone query's would wait for one another. */
function chainsOf(queries: number): number {
  return queries === 1 ? 2 : 1;
}

/** The accumulators `sums` of one row, eight steps of 16 codes a turn, and what is left of them at the end. */
function sumProducts(queries: number, stride: number): WasmCode {
  const chains = chainsOf(queries);
  const step = (at: number): WasmCode =>
    [0, 1].map((half) => [
      ...[local.get(code), v128.load8x8(16 * at + 8 * half), local.set(codes)],
      range(queries).map((n) => {
        const sum = sums + n * chains + (half % chains);
        const place = 16 * ((2 * at + half) * queries + n);
        return [
          ...[local.get(codes), local.get(query), v128.load(place), i32x4.dotI16x8],
          ...[local.get(sum), i32x4.add, local.set(sum)],
        ];
      }),
    ]);
  const steps = stride / 16;
  const aTurn = Math.min(8, steps);
  const inTurns = steps - (steps % aTurn);
  return [
    range(queries * chains).map((n) => [v128.zero, local.set(sums + n)]),
    ...[local.get(row), local.set(code), i32.const(memoryMap.codes), local.set(query)],
    ...[local.get(row), i32.const(16 * inTurns), i32.add, local.set(last)],
    repeatWhile([
      range(aTurn).map(step),
      ...[local.get(query), i32.const(32 * queries * aTurn), i32.add, local.set(query)],
      ...[local.get(code), i32.const(16 * aTurn), i32.add, local.set(code)],
      ...[local.get(code), local.get(last), i32.notEqual],
    ]),
    range(steps - inTurns).map(step),
  ];
}

/**
 * |product| x row scale x query scale / (N x 2^16), rounded down and given the product's sign. The numerator has 95 bits, so
 * it is carried as high x 2^32 + low and divided in two steps. A quotient of 2^63 or more sets a bit of `overflow` from 31 on.
 */
function scoreOf(n: number, chains: number): WasmCode {
  const sum = sums + n * chains;
  const joined = [local.get(sum), chains === 2 ? [local.get(sum + 1), i32x4.add, local.set(sum), local.get(sum)] : []];
  const lanes = range(4).map((i) => [i === 0 ? joined : local.get(sum), i32x4.lane(i), i > 0 ? i32.add : []]);
  const withSign: WasmCode = [local.get(sign), i64.xor, local.get(sign), i64.sub];
  const queryScale: WasmCode = [i32.const(memoryMap.scales), i64.load32(4 * n)];
  const withoutUpper = (bits: number): WasmCode => [
    ...[i64.const(bits), i64.shiftLeft],
    ...[i64.const(bits), i64.shiftRightUnsigned],
  ];
  return [
    ...[lanes, i64.extend, local.set(low)],
    ...[local.get(low), i64.const(63), i64.shiftRight, local.set(sign)],
    // Product x row scale: under 2^63.
    ...[local.get(low), withSign, local.get(rowScale), i64.multiply, local.set(high)],
    // x query scale, in two halves.
    ...[local.get(high), withoutUpper(32), queryScale, i64.multiply, local.set(low)],
    ...[local.get(high), i64.const(32), i64.shiftRightUnsigned, queryScale, i64.multiply],
    ...[local.get(low), i64.const(32), i64.shiftRightUnsigned, i64.add, local.set(high)],
    // / 2^16: low takes the 16 bits that leave high.
    ...[local.get(low), withoutUpper(32), i64.const(16), i64.shiftRightUnsigned],
    ...[local.get(high), withoutUpper(48), i64.const(16), i64.shiftLeft, i64.or, local.set(low)],
    ...[local.get(high), i64.const(16), i64.shiftRightUnsigned, local.set(high)],
    // / N: the remainder of the upper part is under N, so that it fits above the lower one.
    ...[local.get(high), local.get(divisor), i64.divideUnsigned, local.set(quotient)],
    ...[local.get(overflow), local.get(quotient), i64.or, local.set(overflow)],
    ...[local.get(high), local.get(quotient), local.get(divisor), i64.multiply, i64.sub],
    ...[i64.const(32), i64.shiftLeft, local.get(low), i64.or, local.get(divisor), i64.divideUnsigned, local.set(low)],
    ...[local.get(output), local.get(quotient), i64.const(32), i64.shiftLeft, local.get(low), i64.or],
    ...[withSign, i64.store(n * scoresBytes)],
  ];
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
