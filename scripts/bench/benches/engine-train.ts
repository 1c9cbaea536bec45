import type { BenchContext } from '../main.ts';
import { benchLargeModel } from '../train/large-model.ts';
import { benchSmallModel } from '../train/small-model.ts';

export const description =
  'training steps against the MatMul rate and @jax-js/jax: LoRA, full, per example, 135 M, memory';

export async function run(context: BenchContext): Promise<void> {
  await benchSmallModel(context);
  await benchLargeModel(context);
}
