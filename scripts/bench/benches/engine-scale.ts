import type { BenchContext } from '../main.ts';
import { measureServingScale } from '../scale/serving.ts';
import { measureTrainingScale } from '../scale/training.ts';

export const description =
  'what growth costs: training per row from 1,000 to 100,000 rows, serving with 1 to 10,000 adapters';

export async function run(context: BenchContext): Promise<void> {
  await measureTrainingScale(context);
  await measureServingScale(context);
}
