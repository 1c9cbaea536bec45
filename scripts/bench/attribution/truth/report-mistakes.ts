import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchContext } from '../../main.ts';
import { byHeartRecipe } from '../planted/planted-recipe.ts';
import { areaUnderCurve } from './metrics/area-under-curve.ts';
import { bootstrapMean } from './metrics/bootstrap.ts';
import { mistakeSigns } from './mistake-detectors.ts';
import { type PlantedData, plantedData } from './planted-data.ts';
import { openTrainer } from './retrain.ts';
import { withoutRows } from './subsets.ts';
import { TruthPool } from './truth-pool.ts';

const target = { atLeast: 0.9 };

type Size = { cacheDir: string; rows: number; seeds: number };

/**
 * One row in eleven says something wrong. First in a set in which three others say it right, which is what makes a label wrong;
 * then in the planted facts, where mostly one other row says it right and nothing but its age tells which of the two is wrong. Each
 * is judged by the sign that was chosen for it beforehand; the other signs are printed beside it. On a run that learns its rows
 * by heart: on the smooth one no sign says anything.
 */
export async function reportMistakes(context: BenchContext, { seeds, ...size }: Size): Promise<void> {
  const options = { ...size, wrongShare: 0.1, recipe: byHeartRecipe };
  await report(
    context,
    { name: 'mistakes among three right rows', sign: 'gradient norm' },
    await plantedData({ ...options, tellers: 3 }),
    seeds,
    size.cacheDir,
  );
  await report(
    context,
    { name: 'mistakes against a single right row', sign: 'contradiction' },
    await plantedData(options),
    seeds,
    size.cacheDir,
  );
}

async function report(
  context: BenchContext,
  { name, sign: judged }: { name: string; sign: string },
  data: PlantedData,
  seeds: number,
  cacheDir: string,
): Promise<void> {
  const trainer = await openTrainer(data.setting);
  const pool = new TruthPool(data.setting, trainer, { threads: context.threads, cacheDir });
  const bySign = new Map<string, number[][]>();
  const kept = withoutRows(data.owners.length, []);
  const models = await Promise.all(
    Array.from({ length: seeds }, (_, seed) => pool.train({ seed, kept, checkpoints: 5 })),
  );
  for (const model of models) {
    const folder = await mkdtemp(join(tmpdir(), 'attribution-mistakes-'));
    for (const [sign, values] of Object.entries(await mistakeSigns(trainer, data, model, folder))) {
      bySign.set(sign, [...(bySign.get(sign) ?? []), [areaUnderCurve(values, data.isWrong)]]);
    }
    await rm(folder, { recursive: true });
  }
  for (const [sign, areas] of bySign) {
    const { value, low, high } = bootstrapMean(areas);
    const asked = sign === judged ? { target } : {};
    context.emit({ case: `${name}, found by ${sign}`, value, unit: 'AUC', interval: { low, high }, ...asked });
  }
  await pool.close();
  await trainer.sessions.release();
}
