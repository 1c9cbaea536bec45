import type { LoraConfig } from '../../lora/config.ts';
import { adapterLayout, initializeAdapter } from '../../lora/layout.ts';
import { linearModules } from '../../nn/weights.ts';
import { createNormal } from '../../train/random.ts';
import { type LoadedAdapter, writeAdapter } from '../peft.ts';
import { tinyConfig } from './tiny-model.ts';

/** Writes an adapter for the tiny model whose B is not zero, so that it changes every answer. */
export async function createTinyAdapter(
  adapterDir: string,
  seed: string,
  lora: Partial<LoraConfig> = {},
): Promise<LoadedAdapter> {
  const layout = adapterLayout(tinyConfig, {
    r: 4,
    loraAlpha: 8,
    loraDropout: 0,
    targetModules: linearModules,
    ...lora,
  });
  const theta = initializeAdapter(layout, seed);
  const normal = createNormal(`tiny-adapter|${seed}`);
  for (const { part, offset, length } of layout.entries) {
    if (part === 'B') for (let i = 0; i < length; i++) theta[offset + i] = 0.2 * normal();
  }
  const adapter = { layout, theta, baseModelName: 'tiny' };
  await writeAdapter(adapterDir, adapter);
  return adapter;
}
