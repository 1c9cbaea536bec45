import { assembleOuter, outersAtOnce } from './wasm/outer-kernel.ts';

type Outer = (row: number, column: number, end: number, vectors: number) => void;

const pageBytes = 65_536;

/** The last one: matrices of one index are of one size, and a thread that ends with much code behind it may take V8 along (nodejs/node 64500). */
let compiled: { key: string; module: WebAssembly.Module } | null = null;

function moduleOf(stride: number, columnBytes: number): WebAssembly.Module {
  const key = `${stride} ${columnBytes}`;
  if (compiled?.key !== key) compiled = { key, module: new WebAssembly.Module(assembleOuter(stride, columnBytes)) };
  return compiled.module;
}

/**
 * A symmetric matrix of float64 that sums outer products and becomes its own Cholesky factor, in WebAssembly: some six times
 * as fast as plain loops and equal to them to the bit, because every element takes its terms in the same order, one by one.
 */
export class MomentMatrix {
  readonly size: number;
  private readonly stride: number;
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: { add: Outer; subtract: Outer };

  constructor(size: number) {
    this.size = size;
    const columnBytes = 16 * Math.ceil(size / 2);
    // Not a power of two apart, lest the rows that are read together share their places in the cache.
    this.stride = columnBytes + 64;
    const pages = Math.ceil(((size + outersAtOnce) * this.stride) / pageBytes);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const module = moduleOf(this.stride, columnBytes);
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory } });
    this.kernel = exports as { add: Outer; subtract: Outer };
  }

  /** Adds z z^T of each row's columns `offset` to `offset + size`, rows [N, dims] one after the other. */
  addRows(rows: Float32Array, dims: number, offset: number): void {
    const vectors = this.size * this.stride;
    for (let n = 0; n * dims < rows.length; n += outersAtOnce) {
      for (let k = 0; k < outersAtOnce; k++) {
        const from = (n + k) * dims + offset;
        const target = this.row(this.size + k);
        if (from < rows.length) target.set(rows.subarray(from, from + this.size));
        else target.fill(0);
      }
      this.kernel.add(0, 0, vectors, vectors);
    }
  }

  /** Takes rows from `first` on, of which `values` [rows, size - first] has the columns from `first` on: the upper half counts. */
  fill(values: Float32Array, first = 0): void {
    const width = this.size - first;
    for (let i = 0; i * width < values.length; i++) {
      this.row(first + i).set(values.subarray(i * width + i, (i + 1) * width), first + i);
    }
  }

  trace(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.row(i)[i]!;
    return sum;
  }

  divide(divisor: number): void {
    for (let i = 0; i < this.size; i++) {
      const row = this.row(i);
      for (let j = i; j < this.size; j++) row[j]! /= divisor;
    }
  }

  addToDiagonal(value: number): void {
    for (let i = 0; i < this.size; i++) this.row(i)[i]! += value;
  }

  /** Puts L^T in place of the matrix L L^T, which has to be positive definite. */
  factorize(): void {
    for (let first = 0; first < this.size; first += outersAtOnce) {
      const end = Math.min(this.size, first + outersAtOnce);
      for (let k = first; k < end; k++) this.finishRow(k, first);
      if (end < this.size) {
        this.kernel.subtract(end * this.stride, 8 * end, this.size * this.stride, first * this.stride);
      }
    }
  }

  /** Row k of the factor L, up to its diagonal, into `out`. */
  readFactorRow(k: number, out: Float64Array): void {
    const all = new Float64Array(this.memory.buffer);
    const step = this.stride / 8;
    for (let j = 0; j <= k; j++) out[j] = all[j * step + k]!;
  }

  /** L or the lower half of the matrix, row by row: element (i, j) at i (i + 1) / 2 + j. */
  packedLower(): Float32Array {
    const packed = new Float32Array((this.size * (this.size + 1)) / 2);
    for (let j = 0; j < this.size; j++) {
      const row = this.row(j);
      for (let i = j; i < this.size; i++) packed[(i * (i + 1)) / 2 + j] = row[i]!;
    }
    return packed;
  }

  /** The whole matrix, [size, size], row by row. */
  toFull(): Float64Array {
    const full = new Float64Array(this.size * this.size);
    for (let i = 0; i < this.size; i++) {
      const row = this.row(i);
      for (let j = i; j < this.size; j++) full[i * this.size + j] = full[j * this.size + i] = row[j]!;
    }
    return full;
  }

  /** Row k of L^T, from which the rows before `first` have been subtracted. */
  private finishRow(k: number, first: number): void {
    const row = this.row(k);
    for (let p = first; p < k; p++) {
      const other = this.row(p);
      const factor = other[k]!;
      for (let j = k; j < this.size; j++) row[j]! -= factor * other[j]!;
    }
    const diagonal = Math.sqrt(row[k]!);
    row[k] = diagonal;
    for (let j = k + 1; j < this.size; j++) row[j]! /= diagonal;
  }

  private row(i: number): Float64Array {
    return new Float64Array(this.memory.buffer, i * this.stride, this.size);
  }
}
