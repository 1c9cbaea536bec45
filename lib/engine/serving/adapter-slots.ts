import { loraScale } from '../lora/config.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { linearModules, linearShape } from '../nn/weights.ts';
import { slotInputName } from './serving-graphs.ts';

/** The LoRA matrices of one adapter in the form in which the graphs read them: by slot input name, A^T and scaled B^T. */
export type PreparedAdapter = { rank: number; matrices: ReadonlyMap<string, Float32Array>; sizeBytes: number };

/** Transposes an adapter's matrices and folds the scale into B, once, when it is loaded. */
export function prepareAdapter({ lora, entries }: AdapterLayout, theta: Float32Array): PreparedAdapter {
  const scale = loraScale(lora);
  const matrices = new Map<string, Float32Array>();
  let sizeBytes = 0;
  for (const { layer, module, part, shape, offset } of entries) {
    const [rows, columns] = shape;
    const factor = part === 'B' ? scale : 1;
    const transposed = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        transposed[column * rows + row] = theta[offset + row * columns + column]! * factor;
      }
    }
    matrices.set(slotInputName(layer, module, part), transposed);
    sizeBytes += transposed.byteLength;
  }
  return { rank: lora.r, matrices, sizeBytes };
}

type SlotMatrix = { name: string; part: 'A' | 'B'; features: number; data: Float32Array };

/**
 * The adapter matrices of the sequences in flight, one slot each, side by side in the arrays that the decode graph reads.
 * An adapter is copied in when its request is admitted; the steps after that cost nothing extra, however many adapters
 * exist. Smaller ranks are padded with zeros, which change no result.
 */
export class AdapterSlots {
  readonly rank: number;
  private readonly matrices: SlotMatrix[] = [];

  constructor(config: LlamaConfig, slots: number, rank: number) {
    this.rank = rank;
    if (rank === 0) return;
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      for (const module of linearModules) {
        const [outputs, inputs] = linearShape(config, module);
        for (const part of ['A', 'B'] as const) {
          const features = part === 'A' ? inputs : outputs;
          const data = new Float32Array(slots * features * rank);
          this.matrices.push({ name: slotInputName(layer, module, part), part, features, data });
        }
      }
    }
  }

  /** Puts an adapter (null: the bare base) into a slot. Its rank must not exceed the slots' rank. */
  fill(slot: number, adapter: PreparedAdapter | null): void {
    for (const { name, part, features, data } of this.matrices) {
      const size = features * this.rank;
      const target = data.subarray(slot * size, (slot + 1) * size);
      target.fill(0);
      const source = adapter?.matrices.get(name);
      if (!adapter || !source) continue;
      // B^T is [r, out]: missing ranks are missing rows at the end. A^T is [in, r]: they are missing columns.
      if (part === 'B') target.set(source);
      else copyColumns(source, adapter.rank, target, this.rank);
    }
  }

  /** Graph inputs for the first `batch` slots. */
  feeds(batch: number): Record<string, Float32Array> {
    return Object.fromEntries(
      this.matrices.map(({ name, features, data }) => [name, data.subarray(0, batch * features * this.rank)]),
    );
  }

  /** Graph inputs for one slot alone. */
  feedsOf(slot: number): Record<string, Float32Array> {
    return Object.fromEntries(
      this.matrices.map(({ name, features, data }) => {
        const size = features * this.rank;
        return [name, data.subarray(slot * size, (slot + 1) * size)];
      }),
    );
  }
}

function copyColumns(source: Float32Array, from: number, target: Float32Array, to: number): void {
  for (let row = 0; row * from < source.length; row++)
    target.set(source.subarray(row * from, (row + 1) * from), row * to);
}
