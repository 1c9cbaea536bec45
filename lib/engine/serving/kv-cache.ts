import { Tensor } from 'onnxruntime-node';

export type CacheShape = {
  layers: number;
  /** Key-value heads and the width of one as the graph has them. */
  heads: number;
  headSize: number;
  slots: number;
  /** Positions that one sequence may reach. */
  contextTokens: number;
  /** Memory for all slots that is kept without asking; beyond it, room comes and goes with long sequences. */
  keptBytes: number;
};

type Layer = { keys: Float32Array; values: Float32Array };
export type CacheTensors = { feeds: Record<string, Tensor>; outputs: Record<string, Tensor> };

const smallestCapacity = 64;

/**
 * Keys and values of the sequences in flight, [slots, kv, capacity, hd] a layer. The graph reads and writes these arrays
 * itself. The capacity doubles when a sequence outgrows it and falls back when the cache was idle, so a server of short
 * answers never holds memory for long ones; and it never falls below what `keptBytes` allow, since to take and give back
 * memory with every answer was 4 % of a small model's computation.
 */
export class KeyValueCache {
  readonly shape: CacheShape;
  private layers: Layer[] = [];
  private reserved = 0;
  private tensors = new Map<string, CacheTensors>();

  constructor(shape: CacheShape) {
    this.shape = shape;
  }

  /** Positions that every slot has room for now. */
  get capacity(): number {
    return this.reserved;
  }

  get bytesPerToken(): number {
    const { layers, heads, headSize } = this.shape;
    return layers * 2 * heads * headSize * 4;
  }

  get sizeBytes(): number {
    return this.bytesPerToken * this.reserved * this.shape.slots;
  }

  /** Makes room for `positions` in every slot; what slots 0 to `used` - 1 hold stays. */
  reserve(positions: number, used: number): void {
    if (positions <= this.reserved) return;
    const capacity = Math.min(
      this.shape.contextTokens,
      Math.max(this.keptCapacity, 2 ** Math.ceil(Math.log2(positions))),
    );
    this.resize(capacity, used);
  }

  /** Gives the memory of long sequences back. No slot may hold a sequence. */
  clear(): void {
    if (this.reserved > this.keptCapacity) this.resize(0, 0);
  }

  /** Copies a sequence of `length` cached positions to another slot. */
  move(from: number, to: number, length: number): void {
    const { heads, headSize } = this.shape;
    for (const layer of this.layers) {
      for (const array of [layer.keys, layer.values]) {
        for (let head = 0; head < heads; head++) {
          const [source, target] = [this.offset(from, head), this.offset(to, head)];
          array.copyWithin(target, source, source + length * headSize);
        }
      }
    }
  }

  /** The arrays of `count` slots from `first` on, as the graph's inputs and outputs. */
  view(first: number, count: number): CacheTensors {
    const key = `${first}/${count}`;
    let tensors = this.tensors.get(key);
    if (!tensors) {
      tensors = this.wrap(first, count);
      this.tensors.set(key, tensors);
    }
    return tensors;
  }

  private get keptCapacity(): number {
    const { slots, contextTokens, keptBytes } = this.shape;
    const fitting = 2 ** Math.floor(Math.log2(keptBytes / (this.bytesPerToken * slots)));
    return Math.min(contextTokens, Math.max(smallestCapacity, fitting));
  }

  private wrap(first: number, count: number): CacheTensors {
    const { heads, headSize } = this.shape;
    const dims = [count, heads, this.reserved, headSize];
    const feeds: Record<string, Tensor> = {};
    const outputs: Record<string, Tensor> = {};
    for (const [i, layer] of this.layers.entries()) {
      for (const part of ['keys', 'values'] as const) {
        const data = layer[part].subarray(this.offset(first, 0), this.offset(first + count, 0));
        // One tensor in both places: equal addresses tell the operator to append in place.
        feeds[`${part}.${i}`] = outputs[`${part}Out.${i}`] = new Tensor('float32', data, dims);
      }
    }
    return { feeds, outputs };
  }

  private resize(capacity: number, used: number): void {
    const { layers, slots, heads, headSize } = this.shape;
    const old = { layers: this.layers, capacity: this.reserved };
    const grow = (source: Float32Array | undefined): Float32Array => {
      const target = new Float32Array(slots * heads * capacity * headSize);
      for (let row = 0; source && row < used * heads; row++) {
        const start = row * old.capacity * headSize;
        target.set(source.subarray(start, start + old.capacity * headSize), row * capacity * headSize);
      }
      return target;
    };
    this.layers = Array.from({ length: layers }, (_, i) => ({
      keys: grow(old.layers[i]?.keys),
      values: grow(old.layers[i]?.values),
    }));
    this.reserved = capacity;
    this.tensors.clear();
  }

  private offset(slot: number, head: number): number {
    const { heads, headSize } = this.shape;
    return (slot * heads + head) * this.reserved * headSize;
  }
}
