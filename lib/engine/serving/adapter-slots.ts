import { Tensor } from 'onnxruntime-node';
import { loraScale } from '../lora/config.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { type LinearModule, linearModules } from '../nn/weights.ts';
import { loraInput } from './decoder-graph.ts';
import { type FusedGroup, type FusedLayout, type FusedPlace, fusedGroupNames, fusedGroups } from './fused-layout.ts';

/** One module's matrices: A [r, in] as stored, and B^T [r, out] with the adapter's scale folded in. */
type PreparedPair = { layer: number; module: LinearModule; a: Float32Array; b: Float32Array };

/** An adapter in memory, ready to be copied into a slot. Holds what its target modules need and nothing for the others. */
export type PreparedAdapter = {
  rank: number;
  targetModules: readonly LinearModule[];
  /** All matrices; `pairs` are views of it. */
  data: Float32Array<ArrayBuffer>;
  pairs: readonly PreparedPair[];
  /** Rank of the adapter in each fused group: the ranks of its modules there, one below the other. */
  groupRanks: ReadonlyMap<FusedGroup, number>;
  sizeBytes: number;
};

/**
 * Transposes B and folds the scale into it, once, when the adapter is loaded. All matrices lie in one array, so that an
 * adapter moves between threads without a copy.
 */
export function prepareAdapter({ lora, entries, length }: AdapterLayout, theta: Float32Array): PreparedAdapter {
  const scale = loraScale(lora);
  const data = theta.slice(0, length);
  const pairs: PreparedPair[] = [];
  for (const [i, { layer, module, part, shape, offset, length }] of entries.entries()) {
    const above = entries[i - 1];
    if (part === 'A' || !above) continue;
    const b = data.subarray(offset, offset + length);
    transpose(theta.subarray(offset, offset + length), shape[0], shape[1], scale, b);
    pairs.push({ layer, module, a: data.subarray(above.offset, above.offset + above.length), b });
  }
  const groupRanks = new Map(
    fusedGroupNames.flatMap((group) => {
      const count = fusedGroups[group].filter((module) => lora.targetModules.includes(module)).length;
      return count > 0 ? [[group, count * lora.r] as const] : [];
    }),
  );
  const targetModules = linearModules.filter((module) => lora.targetModules.includes(module));
  return { rank: lora.r, targetModules, data, pairs, groupRanks, sizeBytes: data.byteLength };
}

type Bank = {
  rank: number;
  layers: { a: Float32Array; b: Float32Array }[];
  /** Slots that were written. The others take no memory: the system has not given their pages yet. */
  written: Set<number>;
};

/**
 * Places for the adapters of the sequences in flight, side by side in the arrays that the graph reads: per fused group and
 * layer A [slots, R, in] and B^T [slots, R, out]. An adapter is copied in when its request is admitted; the steps after
 * that cost nothing extra, however many adapters exist.
 *
 * R is the largest rank that a group has seen; groups that no adapter touches have none. Smaller ranks are padded with
 * zeros, which change no result.
 */
export class AdapterSlots {
  private readonly layout: FusedLayout;
  private readonly slots: number;
  private readonly banks = new Map<FusedGroup, Bank>();
  private readonly placed: (PreparedAdapter | null)[];
  private readonly places: ReadonlyMap<LinearModule, FusedPlace>;
  private tensors = new Map<string, Record<string, Tensor>>();

  constructor(layout: FusedLayout, slots: number) {
    this.layout = layout;
    this.slots = slots;
    this.placed = Array.from({ length: slots }, () => null);
    this.places = new Map(linearModules.map((module) => [module, layout.place(module)]));
  }

  /** Groups that an adapter has needed so far. */
  get groups(): ReadonlySet<FusedGroup> {
    return new Set(this.banks.keys());
  }

  get sizeBytes(): number {
    const arrays = [...this.banks.values()].flatMap(({ layers }) => layers.flatMap(({ a, b }) => [a, b]));
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** Puts an adapter (null: the bare base) into a slot. */
  fill(slot: number, adapter: PreparedAdapter | null): void {
    const before = this.placed[slot];
    this.placed[slot] = adapter;
    if (adapter === before) return;
    if (!adapter || !this.reserve(adapter)) this.write(slot, adapter);
  }

  /** Makes every slot large enough for an adapter. False if they were; if not, all are written anew. */
  reserve({ groupRanks }: PreparedAdapter): boolean {
    const widened = [...groupRanks].filter(([group, rank]) => this.widen(group, rank));
    if (widened.length > 0) for (const [slot, present] of this.placed.entries()) this.write(slot, present);
    return widened.length > 0;
  }

  /** Copies what one slot holds to another. */
  move(from: number, to: number): void {
    this.fill(to, this.placed[from]!);
  }

  /** Graph inputs for `count` slots from `first` on. */
  view(first: number, count: number): Record<string, Tensor> {
    const key = `${first}/${count}`;
    const known = this.tensors.get(key);
    if (known) return known;
    const feeds: Record<string, Tensor> = {};
    for (const [group, { rank, layers }] of this.banks) {
      const [outputs, inputs] = this.layout.shape(group);
      for (const [layer, { a, b }] of layers.entries()) {
        const cut = (data: Float32Array, width: number): Tensor =>
          new Tensor('float32', data.subarray(first * rank * width, (first + count) * rank * width), [
            count,
            rank,
            width,
          ]);
        feeds[loraInput('A', group, layer)] = cut(a, inputs);
        feeds[loraInput('B', group, layer)] = cut(b, outputs);
      }
    }
    this.tensors.set(key, feeds);
    return feeds;
  }

  /** Makes a group's slots at least `rank` high. The contents are lost if that changes anything. */
  private widen(group: FusedGroup, rank: number): boolean {
    if (rank <= (this.banks.get(group)?.rank ?? 0)) return false;
    const [outputs, inputs] = this.layout.shape(group);
    const layers = Array.from({ length: this.layout.config.num_hidden_layers }, () => ({
      a: new Float32Array(this.slots * rank * inputs),
      b: new Float32Array(this.slots * rank * outputs),
    }));
    this.banks.set(group, { rank, layers, written: new Set() });
    this.tensors.clear();
    return true;
  }

  private write(slot: number, adapter: PreparedAdapter | null): void {
    for (const [group, { rank, layers, written }] of this.banks) {
      if (!written.delete(slot)) continue;
      const [outputs, inputs] = this.layout.shape(group);
      for (const { a, b } of layers) {
        a.fill(0, slot * rank * inputs, (slot + 1) * rank * inputs);
        b.fill(0, slot * rank * outputs, (slot + 1) * rank * outputs);
      }
    }
    const filled = new Map<string, number>();
    for (const { layer, module, a, b } of adapter?.pairs ?? []) {
      const place = this.places.get(module)!;
      const { rank, layers, written } = this.banks.get(place.group)!;
      written.add(slot);
      const [outputs, inputs] = this.layout.shape(place.group);
      const key = `${place.group}.${layer}`;
      const above = filled.get(key) ?? 0;
      filled.set(key, above + adapter!.rank);
      const row = slot * rank + above;
      copyRows(a, adapter!.rank, layers[layer]!.a, row, inputs, 0, place.columns);
      copyRows(b, adapter!.rank, layers[layer]!.b, row, outputs, place.offset, place.rows);
    }
  }
}

/** Copies [count, n] to rows `row`.. of an array of `width` columns, from column `offset` on, spread by `positions`. */
function copyRows(
  source: Float32Array,
  count: number,
  target: Float32Array,
  row: number,
  width: number,
  offset: number,
  positions: Int32Array | null,
): void {
  const size = source.length / count;
  for (let i = 0; i < count; i++) {
    const start = (row + i) * width + offset;
    const values = source.subarray(i * size, (i + 1) * size);
    if (positions) for (let j = 0; j < size; j++) target[start + positions[j]!] = values[j]!;
    else target.set(values, start);
  }
}

/** [rows, columns] -> [columns, rows], times `factor`. */
function transpose(source: Float32Array, rows: number, columns: number, factor: number, target: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      target[column * rows + row] = source[row * columns + column]! * factor;
    }
  }
}
