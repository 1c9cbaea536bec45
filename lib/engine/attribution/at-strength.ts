import type { LoadedAdapter } from '../io/peft.ts';
import { scaledAdapter } from '../lora/scaled-adapter.ts';
import type { AdaptedModel } from './gradient-source.ts';

/**
 * The part of the adapter at which an answer's gradient is taken, and the later of the two of a row. What an answer loses without
 * some rows is its gradient somewhere between the model with them and the model without (mean value theorem), and an adapter of
 * half the rows lies short of this one along its own way. At .85 and at .7, rows averaged with their start: linear datamodeling
 * score .562 and .565 on specification texts, .829 and .843 on planted facts; without the start and at 1, .49 (docs/engine-log.md).
 */
export const gradientStrength = 0.7;

const scaled = new WeakMap<LoadedAdapter, Map<number, LoadedAdapter>>();

/** The model with its adapter at a part of its strength, made once. */
export function atStrength(model: AdaptedModel, strength: number): AdaptedModel {
  if (strength === 1) return model;
  const { adapter } = model;
  const kept = scaled.get(adapter) ?? new Map<number, LoadedAdapter>();
  scaled.set(adapter, kept);
  const weaker = kept.get(strength) ?? { ...adapter, theta: scaledAdapter(adapter.layout, adapter.theta, strength) };
  kept.set(strength, weaker);
  return { ...model, adapter: weaker };
}
