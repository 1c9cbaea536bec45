import { headSize, type LlamaConfig } from '../nn/config.ts';
import type { TensorData } from '../runtime/ort-session.ts';
import { hidden } from './serving-graphs.ts';

/** Keys and values of the sequences in flight, one slot each, in the arrays that the decode graph reads. */
export class KeyValueCache {
  readonly context: number;
  private readonly layers: { keys: Float32Array; values: Float32Array }[];
  private readonly bias: Float32Array;
  private readonly groups: number;
  private readonly width: number;

  constructor(config: LlamaConfig, slots: number, context: number) {
    this.context = context;
    this.groups = config.num_key_value_heads;
    this.width = headSize(config);
    const size = slots * this.slotSize;
    this.layers = Array.from({ length: config.num_hidden_layers }, () => ({
      keys: new Float32Array(size),
      values: new Float32Array(size),
    }));
    this.bias = new Float32Array(slots * context).fill(hidden);
  }

  /** Fills a slot from a prefill of `count` positions whose arrays are [kv, T, hd]. */
  load(slot: number, count: number, outputs: Readonly<Record<string, TensorData>>): void {
    const { groups, width } = this;
    const time = outputs['newKeys.0']!.length / (groups * width);
    for (const [layer, { keys, values }] of this.layers.entries()) {
      const newKeys = outputs[`newKeys.${layer}`] as Float32Array;
      const newValues = outputs[`newValues.${layer}`] as Float32Array;
      for (let group = 0; group < groups; group++) {
        const from = group * time * width;
        values.set(newValues.subarray(from, from + count * width), this.valueOffset(slot, group, 0));
        for (let position = 0; position < count; position++) {
          this.putKey(keys, slot, group, position, newKeys, from + position * width);
        }
      }
    }
    this.bias.fill(0, slot * this.context, slot * this.context + count);
    this.bias.fill(hidden, slot * this.context + count, (slot + 1) * this.context);
  }

  /** Appends one position from row `slot` of a decode step, whose arrays are [B, kv, hd]. */
  append(slot: number, position: number, outputs: Readonly<Record<string, TensorData>>): void {
    const { groups, width } = this;
    for (const [layer, { keys, values }] of this.layers.entries()) {
      const newKeys = outputs[`newKeys.${layer}`] as Float32Array;
      const newValues = outputs[`newValues.${layer}`] as Float32Array;
      for (let group = 0; group < groups; group++) {
        const from = (slot * groups + group) * width;
        values.set(newValues.subarray(from, from + width), this.valueOffset(slot, group, position));
        this.putKey(keys, slot, group, position, newKeys, from);
      }
    }
    this.bias[slot * this.context + position] = 0;
  }

  /** Graph inputs for the first `batch` slots. */
  feeds(batch: number): Record<string, Float32Array> {
    const feeds: Record<string, Float32Array> = { bias: this.bias.subarray(0, batch * this.context) };
    for (const [layer, { keys, values }] of this.layers.entries()) {
      feeds[`keys.${layer}`] = keys.subarray(0, batch * this.slotSize);
      feeds[`values.${layer}`] = values.subarray(0, batch * this.slotSize);
    }
    return feeds;
  }

  private get slotSize(): number {
    return this.groups * this.width * this.context;
  }

  private valueOffset(slot: number, group: number, position: number): number {
    return slot * this.slotSize + (group * this.context + position) * this.width;
  }

  private putKey(
    keys: Float32Array,
    slot: number,
    group: number,
    position: number,
    source: Float32Array,
    from: number,
  ): void {
    const start = slot * this.slotSize + group * this.width * this.context + position;
    for (let i = 0; i < this.width; i++) keys[start + i * this.context] = source[from + i]!;
  }
}
