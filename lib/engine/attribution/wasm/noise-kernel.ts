import { encodeWasmModule, type WasmCode } from './encode.ts';
import { i32, i64, local, repeatWhile } from './instructions.ts';

/** Values a call; few, because V8 swaps in its optimised code only between calls. */
export const blockValues = 8192;

/**
 * Where calls leave what they add up, int64 each: values under the window; end of the list of rows below; sums of the positive
 * scores' lower and upper words. What lies from `data` on is the caller's.
 */
export const noiseMap = { under: 0, below: 8, lowWords: 16, highWords: 24, data: 64 } as const;

/**
 * A module with three functions over int64 values that lie from `at` to `end`, at least one. None of them branches on a value.
 *
 * - `collect(at, end, least, most, out) -> out`: writes those within [least, most] from `out` on, counts those under it.
 * - `deviate(at, end, centre, out)`: writes |value - centre|, from 0 to 2^64 - 1, less 2^63, so that they sort as int64.
 * - `judge(at, end, cut, negated, row, above, below) -> above`: writes the row numbers (int32) of the values above `cut` and
 *   of those below `negated`, the first value being that of `row`, and adds up the positive ones by words.
 */
export function assembleNoise(): Uint8Array<ArrayBuffer> {
  return encodeWasmModule([
    {
      name: 'collect',
      params: ['i32', 'i32', 'i64', 'i64', 'i32'],
      results: ['i32'],
      locals: ['i64', 'i64'],
      body: collect(),
    },
    { name: 'deviate', params: ['i32', 'i32', 'i64', 'i32'], results: [], locals: ['i64', 'i64'], body: deviate() },
    {
      name: 'judge',
      params: ['i32', 'i32', 'i64', 'i64', 'i32', 'i32', 'i32'],
      results: ['i32'],
      locals: ['i64', 'i64', 'i64'],
      body: judge(),
    },
  ]);
}

const [at, end] = [0, 1] as const;

/** Runs `body` with the value at `at` in `value`, for each of them. */
function forEachValue(value: number, body: WasmCode): WasmCode {
  return repeatWhile([
    ...[local.get(at), i64.load(), local.set(value)],
    body,
    ...[local.get(at), i32.const(8), i32.add, local.set(at), local.get(at), local.get(end), i32.notEqual],
  ]);
}

function loadWord(place: number): WasmCode {
  return [i32.const(place), i64.load()];
}

function storeWord(place: number, value: number): WasmCode {
  return [i32.const(place), local.get(value), i64.store()];
}

function collect(): WasmCode {
  const [least, most, out, value, under] = [2, 3, 4, 5, 6] as const;
  return [
    ...[loadWord(noiseMap.under), local.set(under)],
    forEachValue(value, [
      ...[local.get(out), local.get(value), i64.store()],
      ...[local.get(out), local.get(value), local.get(least), i64.notLess, local.get(value), local.get(most)],
      ...[i64.notGreater, i32.and, i32.const(3), i32.shiftLeft, i32.add, local.set(out)],
      ...[local.get(under), local.get(value), local.get(least), i64.less, i64.extendUnsigned, i64.add],
      local.set(under),
    ]),
    ...[storeWord(noiseMap.under, under), local.get(out)],
  ];
}

function deviate(): WasmCode {
  const [centre, out, value, sign] = [2, 3, 4, 5] as const;
  return forEachValue(value, [
    // All ones where the value is under the centre: (difference xor sign) - sign is then its negation.
    ...[i64.const(0), local.get(value), local.get(centre), i64.less, i64.extendUnsigned, i64.sub, local.set(sign)],
    ...[local.get(out), local.get(value), local.get(centre), i64.sub, local.get(sign), i64.xor],
    ...[local.get(sign), i64.sub, i64.const(1), i64.const(63), i64.shiftLeft, i64.xor, i64.store()],
    ...[local.get(out), i32.const(8), i32.add, local.set(out)],
  ]);
}

function judge(): WasmCode {
  const [cut, negated, row, above, below, value, low, high] = [2, 3, 4, 5, 6, 7, 8, 9] as const;
  const list = (pointer: number, holds: WasmCode): WasmCode => [
    ...[local.get(pointer), local.get(row), i32.store()],
    ...[local.get(pointer), holds, i32.const(2), i32.shiftLeft, i32.add, local.set(pointer)],
  ];
  return [
    ...[loadWord(noiseMap.lowWords), local.set(low), loadWord(noiseMap.highWords), local.set(high)],
    forEachValue(value, [
      list(above, [local.get(value), local.get(cut), i64.greater]),
      list(below, [local.get(value), local.get(negated), i64.less]),
      ...[local.get(row), i32.const(1), i32.add, local.set(row)],
      // max(value, 0): its sign bits are cleared away where it has them.
      ...[local.get(value), local.get(value), i64.const(63), i64.shiftRight, i64.const(-1), i64.xor, i64.and],
      local.set(value),
      ...[local.get(low), local.get(value), i64.const(32), i64.shiftLeft, i64.const(32), i64.shiftRightUnsigned],
      ...[i64.add, local.set(low)],
      ...[local.get(high), local.get(value), i64.const(32), i64.shiftRightUnsigned, i64.add, local.set(high)],
    ]),
    ...[storeWord(noiseMap.lowWords, low), storeWord(noiseMap.highWords, high)],
    ...[i32.const(noiseMap.below), local.get(below), i64.extendUnsigned, i64.store(), local.get(above)],
  ];
}
