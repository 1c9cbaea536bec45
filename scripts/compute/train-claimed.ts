import { join } from 'node:path';
import type { ClaimedJob } from '#lib/compute/types.ts';
import { chooseTrainingSet } from '#lib/model-factory/choose-training-set.ts';
import type { VersionRow } from '#lib/model-factory/read-version-rows.ts';
import type { TrainingEngine, TrainingEvent } from '#lib/model-factory/training-engine.ts';

/** `heldOut`: ids of the rows that the losses are over. */
type Done = Extract<TrainingEvent, { type: 'done' }> & { heldOut: string[] };

/** Trains a claimed job as the platform trains runs: originals alone, one in ten held out. Samples, which quote rows, are not looked at. */
export async function trainClaimed(
  engine: Pick<TrainingEngine, 'findCopies' | 'train'>,
  { fields, versionRoot: root, baseModel, recipe }: Pick<ClaimedJob, 'fields' | 'versionRoot' | 'baseModel' | 'recipe'>,
  rows: readonly VersionRow[],
  { modelsDir, outDir, signal }: { modelsDir: string; outDir: string; signal: AbortSignal },
): Promise<Done> {
  const set = await chooseTrainingSet(engine, { rows, fields, root });
  const events = engine.train({
    ...{ modelDir: join(modelsDir, baseModel), outDir, recipe, signal },
    ...{ train: set.train, evaluation: set.heldOut, datasetRoot: set.root },
    dataset: { rule: set.rule, versionRoot: root, rows: rows.length, copies: set.copies.length },
  });
  for await (const event of events)
    if (event.type === 'done') return { ...event, heldOut: set.heldOut.map(({ id }) => id) };
  throw new Error('training ended without a result');
}
