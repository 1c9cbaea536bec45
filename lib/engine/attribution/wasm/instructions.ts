import { leb, signedLeb, type WasmCode } from './encode.ts';

const emptyBlock = 0x40;
const memory = (opcode: WasmCode, alignment: number, offset: number): WasmCode => [opcode, alignment, leb(offset)];
const simd = (opcode: number): WasmCode => [0xfd, leb(opcode)];

export const local = {
  get: (index: number): WasmCode => [0x20, leb(index)],
  set: (index: number): WasmCode => [0x21, leb(index)],
};

/** Runs `body` again as long as it leaves a non-zero i32. */
export function repeatWhile(body: WasmCode): WasmCode {
  return [0x03, emptyBlock, body, 0x0d, 0, 0x0b];
}

export const i32 = {
  const: (value: number): WasmCode => [0x41, signedLeb(value)],
  add: [0x6a],
  sub: [0x6b],
  and: [0x71],
  shiftLeft: [0x74],
  store: (offset = 0): WasmCode => memory([0x36], 2, offset),
  notEqual: [0x47],
  wrap: [0xa7],
} satisfies Record<string, WasmCode | ((value: number) => WasmCode)>;

export const i64 = {
  const: (value: number): WasmCode => [0x42, signedLeb(value)],
  /** An unsigned 32-bit integer at [pointer + offset]. */
  load32: (offset = 0): WasmCode => memory([0x35], 2, offset),
  load: (offset = 0): WasmCode => memory([0x29], 3, offset),
  store: (offset = 0): WasmCode => memory([0x37], 3, offset),
  less: [0x53],
  greater: [0x55],
  notGreater: [0x57],
  notLess: [0x59],
  add: [0x7c],
  sub: [0x7d],
  multiply: [0x7e],
  divideUnsigned: [0x80],
  and: [0x83],
  or: [0x84],
  xor: [0x85],
  shiftLeft: [0x86],
  shiftRight: [0x87],
  shiftRightUnsigned: [0x88],
  extend: [0xac],
  extendUnsigned: [0xad],
} satisfies Record<string, WasmCode | ((value: number) => WasmCode)>;

export const v128 = {
  zero: [simd(12), new Array<number>(16).fill(0)],
  load: (offset = 0): WasmCode => memory(simd(0), 4, offset),
  store: (offset = 0): WasmCode => memory(simd(11), 4, offset),
  /** Eight int8 at [pointer + offset], widened to int16. */
  load8x8: (offset = 0): WasmCode => memory(simd(1), 3, offset),
} satisfies Record<string, WasmCode | ((value: number) => WasmCode)>;

export const i32x4 = {
  lane: (index: number): WasmCode => [simd(27), index],
  add: simd(174),
  /** Sums of adjacent pairs of int16 products. */
  dotI16x8: simd(186),
} satisfies Record<string, WasmCode | ((value: number) => WasmCode)>;

export const f64x2 = {
  /** The float64 at [pointer + offset], twice. */
  loadSplat: (offset = 0): WasmCode => memory(simd(10), 3, offset),
  add: simd(240),
  sub: simd(241),
  mul: simd(242),
} satisfies Record<string, WasmCode | ((value: number) => WasmCode)>;
