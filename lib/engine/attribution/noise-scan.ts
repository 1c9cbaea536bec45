import { assembleNoise, blockValues, noiseMap } from './wasm/noise-kernel.ts';

type Kernel = {
  collect: (at: number, end: number, least: bigint, most: bigint, out: number) => number;
  deviate: (at: number, end: number, centre: bigint, out: number) => void;
  judge: (at: number, end: number, cut: bigint, negated: bigint, row: number, above: number, below: number) => number;
};

/** What stands out of scores: rows by number, in order, and the sum of the positive scores. */
export type Judged = { above: number[]; below: number[]; positiveSum: bigint };

const pageBytes = 65_536;
const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;
let kept: { memory: WebAssembly.Memory; kernel: Kernel } | null = null;

/**
 * Scores in a memory where they are worked on as machine words: bigints cost fifty times as much. The memory is the thread's
 * and kept from answer to answer, so that one scan has to be done with before the next one begins.
 */
export class NoiseScan {
  private readonly count: number;
  private readonly memory: WebAssembly.Memory;
  private readonly kernel: Kernel;

  /** @param scores not empty; copied */
  constructor(scores: BigInt64Array) {
    this.count = scores.length;
    const { memory, kernel } = instanceFor(noiseMap.data + 3 * 8 * this.count);
    this.memory = memory;
    this.kernel = kernel;
    this.part(0).set(scores);
  }

  /** The n-th smallest score (from 0). */
  nth(n: number): bigint {
    return this.select(0, n);
  }

  /** The n-th smallest of |score - centre|, up to 2^64 - 1. */
  nthDeviation(n: number, centre: bigint): bigint {
    const [from, to] = [this.address(0), this.address(1)];
    this.blocks((at, end) => this.kernel.deviate(from + at, from + end, centre, to + at));
    return this.select(1, n) - int64.least;
  }

  /** @param cut not negative */
  judge(cut: bigint): Judged {
    const [from, rowsAbove] = [this.address(0), this.address(1)];
    const rowsBelow = this.address(2);
    const words = new BigInt64Array(this.memory.buffer, 0, 4);
    words.fill(0n);
    let [above, below] = [rowsAbove, rowsBelow];
    // No score is beyond int64, so that a cut which is leaves none.
    const [most, least] = cut > int64.most ? [int64.most, int64.least] : [cut, -cut];
    this.blocks((at, end) => {
      above = this.kernel.judge(from + at, from + end, most, least, at / 8, above, below);
      below = Number(words[noiseMap.below / 8]!);
    });
    const positiveSum = (words[noiseMap.highWords / 8]! << 32n) + words[noiseMap.lowWords / 8]!;
    return { above: this.rows(rowsAbove, above), below: this.rows(rowsBelow, below), positiveSum };
  }

  /**
   * The n-th smallest of a part, exactly: a sorted sample says between which two values it lies, most likely, and what lies
   * there is sorted (after Floyd and Rivest 1975). Where the sample is wrong, or says little, everything is sorted.
   */
  private select(part: 0 | 1, n: number): bigint {
    const values = this.part(part);
    const [least, most] = windowAround(values, n);
    const [from, to] = [this.address(part), this.address(2)];
    const words = new BigInt64Array(this.memory.buffer, 0, 4);
    words.fill(0n);
    let out = to;
    this.blocks((at, end) => {
      out = this.kernel.collect(from + at, from + end, least, most, out);
    });
    const [under, inside] = [Number(words[noiseMap.under / 8]!), (out - to) / 8];
    if (n < under || n >= under + inside) return values.slice().sort()[n]!;
    return least === most ? least : new BigInt64Array(this.memory.buffer, to, inside).sort()[n - under]!;
  }

  private blocks(run: (at: number, end: number) => void): void {
    for (let at = 0; at < this.count; at += blockValues) run(8 * at, 8 * Math.min(this.count, at + blockValues));
  }

  private rows(from: number, end: number): number[] {
    return Array.from(new Int32Array(this.memory.buffer, from, (end - from) / 4));
  }

  private address(part: number): number {
    return noiseMap.data + part * 8 * this.count;
  }

  private part(part: number): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, this.address(part), this.count);
  }
}

/** Two values with the n-th smallest between them, but for once in some 10,000 samples. */
function windowAround(values: BigInt64Array, n: number): [least: bigint, most: bigint] {
  const sample = BigInt64Array.from(samplePlaces(values.length), (place) => values[place]!).sort();
  const place = Math.floor((n / values.length) * sample.length);
  const margin = 2 * Math.ceil(Math.sqrt(sample.length)); // four standard deviations of a median's place
  return [sample[place - margin] ?? int64.least, sample[place + margin] ?? int64.most];
}

/** Where a sample of `count` values is taken: multiples of the golden ratio, which fall in step with no period of the rows. */
export function samplePlaces(count: number): number[] {
  const size = Math.min(count, Math.ceil(2 * count ** (2 / 3)));
  return Array.from({ length: size }, (_, i) => Math.floor(((i * 0.618033988749895) % 1) * count));
}

/** The thread's memory, of at least so many bytes. */
function instanceFor(bytes: number): NonNullable<typeof kept> {
  if (kept && kept.memory.buffer.byteLength >= bytes) return kept;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
  const module = new WebAssembly.Module(assembleNoise());
  kept = { memory, kernel: new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel };
  return kept;
}
