import { encodeWasmModule, type WasmCode } from './encode.ts';
import { f64x2, i32, local, repeatWhile, v128 } from './instructions.ts';

/** Vectors whose outer products are taken at a time: as many factors as the registers hold. */
export const outersAtOnce = 8;

/**
 * A module with two functions over a matrix M of float64, upper triangle, whose rows lie `stride` bytes apart, at least
 * `columnBytes` long, which is a multiple of 16: `add(row, column, end, vectors)` and `subtract` of the same, for v_0 to v_7
 * that lie `stride` bytes apart from `vectors` on:
 *
 *     M[i][j] = ((M[i][j] + v_0[i] v_0[j]) + v_1[i] v_1[j]) + ... + v_7[i] v_7[j]
 *
 * for all rows from the one at `row` to before `end`, at least one, and columns from i on. `column` is the first row's place
 * in bytes, 8 i. Products and sums are rounded one by one, in this order: no fused operation, the same bits on every machine.
 */
export function assembleOuter(stride: number, columnBytes: number): Uint8Array<ArrayBuffer> {
  const form = { params: ['i32', 'i32', 'i32', 'i32'], results: [] } as const;
  const locals = ['i32', 'i32', 'i32', ...new Array<'v128'>(outersAtOnce).fill('v128')] as const;
  return encodeWasmModule([
    { name: 'add', ...form, locals, body: outer(f64x2.add, stride, columnBytes) },
    { name: 'subtract', ...form, locals, body: outer(f64x2.sub, stride, columnBytes) },
  ]);
}

const [row, column, end, vectors] = [0, 1, 2, 3] as const;
const [at, from, last, factors] = [4, 5, 6, 7] as const;

function outer(combine: WasmCode, stride: number, columnBytes: number): WasmCode {
  const each = Array.from({ length: outersAtOnce }, (_, k) => k);
  const step = (pointer: number, bytes: number): WasmCode => [
    ...[local.get(pointer), i32.const(bytes), i32.add, local.set(pointer)],
  ];
  return repeatWhile([
    ...[local.get(vectors), local.get(column), i32.add, local.set(from)],
    each.map((k) => [local.get(from), f64x2.loadSplat(k * stride), local.set(factors + k)]),
    // Two columns at a time, from an even one: the first may lie under the diagonal, where nothing is read.
    ...[local.get(column), i32.const(-16), i32.and, local.set(at)],
    ...[local.get(vectors), local.get(at), i32.add, local.set(from)],
    ...[local.get(row), i32.const(columnBytes), i32.add, local.set(last)],
    ...[local.get(row), local.get(at), i32.add, local.set(at)],
    repeatWhile([
      ...[local.get(at), local.get(at), v128.load()],
      each.map((k) => [local.get(from), v128.load(k * stride), local.get(factors + k), f64x2.mul, combine]),
      v128.store(),
      ...[step(at, 16), step(from, 16), local.get(at), local.get(last), i32.notEqual],
    ]),
    ...[step(row, stride), step(column, 8), local.get(row), local.get(end), i32.notEqual],
  ]);
}
