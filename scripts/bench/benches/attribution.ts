import { baselines, ours, ownVariants } from '../attribution/truth/all-methods.ts';
import { benchData, cacheDir, plantedRows } from '../attribution/truth/bench-data.ts';
import { measureTruth, type TruthSize } from '../attribution/truth/measure-truth.ts';
import { reportAgreement } from '../attribution/truth/report-agreement.ts';
import { reportMistakes } from '../attribution/truth/report-mistakes.ts';
import { reportRemoval } from '../attribution/truth/report-removal.ts';
import { reportSmoothness } from '../attribution/truth/report-smoothness.ts';
import { reportSpam } from '../attribution/truth/report-spam.ts';
import { reportTangents } from '../attribution/truth/report-tangents.ts';
import { openTrainer } from '../attribution/truth/retrain.ts';
import { scoreMethods } from '../attribution/truth/score-methods.ts';
import type { TruthData } from '../attribution/truth/truth-data.ts';
import { TruthPool } from '../attribution/truth/truth-pool.ts';
import type { BenchContext } from '../main.ts';

export const description =
  'attribution held against retraining: ours, its baselines, removal, mistakes; --data, --seeds, --subsets, --threads';

/**
 * Influence against the truth, which is what models say that were trained without the rows in question. Retrained models are
 * kept under the hash of all that decides them, so that a second run takes minutes.
 */
export async function run(context: BenchContext): Promise<void> {
  const { dataPath, seeds, subsets, rowsMax } = context;
  const numberOfSeeds = seeds ?? 3;
  if (dataPath !== null) {
    const rowHalves = subsets ?? 16;
    const size = { seeds: numberOfSeeds, rowHalves, contributorHalves: Math.ceil(rowHalves / 2), checkpoints: 5 };
    const data = await benchData(context);
    await measure(context, data, size, { isPlanted: false });
    await reportSpam(context, data, { cacheDir, seeds: numberOfSeeds });
    return;
  }
  const rows = rowsMax ?? plantedRows;
  const rowHalves = subsets ?? 100;
  const size = { seeds: numberOfSeeds, rowHalves, contributorHalves: Math.ceil(0.4 * rowHalves), checkpoints: 5 };
  await measure(context, await benchData(context), size, { isPlanted: true });
  await reportMistakes(context, { cacheDir, rows, seeds: numberOfSeeds });
}

/** On real rows a training takes ten times as long: no tangents, no removal by single answers. */
async function measure(
  context: BenchContext,
  data: TruthData,
  size: TruthSize,
  { isPlanted }: { isPlanted: boolean },
): Promise<void> {
  const { log } = context;
  const start = performance.now();
  const trainer = await openTrainer(data.setting);
  const pool = new TruthPool(data.setting, trainer, { threads: context.threads, cacheDir });
  const { owners, contributors } = data;
  log(`${data.name}: ${owners.length} rows of ${contributors.length} contributors, ${size.seeds} seeds`);
  const truth = await measureTruth(data, trainer, pool, size, log);
  const answers = truth.seeds.map((seed) => seed.answers.length).join(' + ');
  const prefix = `${size.rowHalves} halves, ${size.seeds} seeds: `;
  log(`${answers} answers; ${pool.counted.trained} models trained, ${pool.counted.cached} found, ${seconds(start)}`);
  await reportSmoothness(context, prefix, truth, pool);
  const methods = [ours, ...ownVariants, ...baselines].map((method) => ({
    method,
    isProduct: method === ours || ownVariants.includes(method),
  }));
  const scored = await scoreMethods(data, trainer, truth, methods);
  log(`all methods scored, ${seconds(start)}`);
  reportAgreement(context, prefix, truth, scored);
  const rivals = scored.filter(({ method }) => !ownVariants.includes(method));
  await reportRemoval(context, prefix, truth, pool, rivals, { isEach: isPlanted });
  const { scores } = scored[0]!;
  if (isPlanted) await reportTangents(context, prefix, { data, trainer, truth, pool, scores });
  log(`${data.name} done, ${seconds(start)}`);
  await pool.close();
  await trainer.sessions.release();
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(0)} s`;
}
