import type { AdapterLayout } from '../../lora/layout.ts';
import type { LlamaConfig } from '../../nn/config.ts';
import { blockBackwardGraph, keptInputs } from './block-graphs.ts';

/** How many rows go through the layers together, and whether results are kept for the backward pass. */
export type ActivationPlan = { rows: number; keepsProducts: boolean };

/** For results kept between the passes. */
const keptBytes = 3 * 2 ** 28;
/** More tokens at a time make the products no faster. */
const passTokens = 1024;

/**
 * A pure function of the shapes: rows that go together are summed together, so it is a part of what makes runs repeatable,
 * and must not ask how much memory the machine happens to have.
 */
export function planActivations(config: LlamaConfig, layout: AdapterLayout, time: number): ActivationPlan {
  const perRow = keptBytesOfRow(config, layout, time);
  const rows = Math.max(1, Math.floor(passTokens / time));
  if (perRow > keptBytes) return { rows, keepsProducts: false };
  return { rows: Math.min(rows, Math.floor(keptBytes / perRow)), keepsProducts: true };
}

/** Bytes that one row's kept results take in all layers. */
export function keptBytesOfRow(config: LlamaConfig, layout: AdapterLayout, time: number): number {
  const input = { config, layout, shape: { batch: 1, time }, form: {} };
  const floats = [...keptInputs(blockBackwardGraph(input, 'summed', true)).values()];
  return 4 * config.num_hidden_layers * floats.reduce((sum, size) => sum + size, 0);
}
