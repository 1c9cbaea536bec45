import { initializeAdapter } from '../lora/layout.ts';
import type { AdaptedModel } from './gradient-source.ts';

/** The model as its training began: the adapter that the recipe's seed gives, which changes nothing yet. */
export function atStart(model: AdaptedModel, seed: string): AdaptedModel {
  const { layout } = model.adapter;
  return { ...model, adapter: { ...model.adapter, layout, theta: initializeAdapter(layout, seed) } };
}
