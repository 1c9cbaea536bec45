import { MonolithicEngine } from './monolithic-engine.ts';
import type { StepEngine, StepEngineInput } from './step-engine.ts';

/** The engine for this base. Engines are light: sessions are compiled at first use and kept by the cache. */
export function createStepEngine(input: StepEngineInput): StepEngine {
  return new MonolithicEngine(input);
}
