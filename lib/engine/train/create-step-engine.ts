import type { LlamaConfig } from '../nn/config.ts';
import { parameterCount } from '../nn/weights.ts';
import { LayerWiseEngine } from './layer-wise/layer-wise-engine.ts';
import { MonolithicEngine } from './monolithic-engine.ts';
import type { StepEngine, StepEngineInput } from './step-engine.ts';

/** Above this, a graph of the whole model takes gigabytes of activations and seconds to compile. */
const monolithParameters = 20e6;

/** The engine for this base. Engines are light: sessions are compiled at first use and kept by the cache. */
export function createStepEngine(input: StepEngineInput): StepEngine {
  return isMonolithic(input.base.config) ? new MonolithicEngine(input) : new LayerWiseEngine(input);
}

/** Whether a base of this shape is computed as one graph. */
export function isMonolithic(config: LlamaConfig): boolean {
  return parameterCount(config) <= monolithParameters;
}
