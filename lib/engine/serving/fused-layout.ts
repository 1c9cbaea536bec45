import type { LlamaConfig } from '../nn/config.ts';
import { type LinearModule, linearShape } from '../nn/weights.ts';

/** Linear layers that share an input are computed as one: fewer operators, and longer ones. */
export const fusedGroups = {
  qkv: ['q_proj', 'k_proj', 'v_proj'],
  o: ['o_proj'],
  gateUp: ['gate_proj', 'up_proj'],
  down: ['down_proj'],
} as const satisfies Record<string, readonly LinearModule[]>;

export type FusedGroup = keyof typeof fusedGroups;
export const fusedGroupNames = Object.keys(fusedGroups) as FusedGroup[];

/**
 * Where one module's matrix lies in its group's. `rows[i]` is the group's output of the module's output i, `columns[i]`
 * the group's input of its input i; null: the same, without gaps.
 */
export type FusedPlace = { group: FusedGroup; offset: number; rows: Int32Array | null; columns: Int32Array | null };

/**
 * The shapes that the serving graph computes with. The runtime's attention rotates heads whose width is a multiple of 16,
 * so narrower ones get zeros between and after their two rotated halves. Zeros add nothing to a score or an output.
 */
export class FusedLayout {
  readonly config: LlamaConfig;
  /** Width of a head, padded. */
  readonly headSize: number;

  constructor(config: LlamaConfig) {
    this.config = config;
    this.headSize = Math.ceil(config.head_dim / 16) * 16;
  }

  /** [outputs, inputs] of a group. */
  shape(group: FusedGroup): [number, number] {
    const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = this.config;
    if (group === 'qkv') return [(heads + 2 * this.config.num_key_value_heads) * this.headSize, hidden];
    if (group === 'o') return [hidden, heads * this.headSize];
    return group === 'gateUp' ? [2 * inner, hidden] : [hidden, inner];
  }

  place(module: LinearModule): FusedPlace {
    const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = this.config;
    const [outputs, inputs] = linearShape(this.config, module);
    const isPadded = this.headSize !== this.config.head_dim;
    switch (module) {
      case 'q_proj':
        return { group: 'qkv', offset: 0, rows: isPadded ? this.padded(outputs) : null, columns: null };
      case 'k_proj':
      case 'v_proj': {
        const before = heads + (module === 'v_proj' ? keyValueHeads : 0);
        const rows = isPadded ? this.padded(outputs) : null;
        return { group: 'qkv', offset: before * this.headSize, rows, columns: null };
      }
      case 'o_proj':
        return { group: 'o', offset: 0, rows: null, columns: isPadded ? this.padded(inputs) : null };
      case 'gate_proj':
        return { group: 'gateUp', offset: 0, rows: null, columns: null };
      case 'up_proj':
        return { group: 'gateUp', offset: outputs, rows: null, columns: null };
      case 'down_proj':
        return { group: 'down', offset: 0, rows: null, columns: null };
    }
  }

  /** Positions of `count` head-wise features: the second half of each head starts at half of the padded width. */
  private padded(count: number): Int32Array {
    const width = this.config.head_dim;
    const gap = (this.headSize - width) / 2;
    return Int32Array.from({ length: count }, (_, i) => {
      const within = i % width;
      return Math.floor(i / width) * this.headSize + within + (within >= width / 2 ? gap : 0);
    });
  }
}
