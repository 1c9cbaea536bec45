import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { MixInvalidError } from '#lib/mixes/errors.ts';
import { mixPartsSchema } from '#lib/mixes/schema.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { createMix } from '../create-mix.ts';
import { VersionMissingError } from '../errors.ts';
import { openRun } from '../open-run.ts';
import type { LaunchMergeInput } from '../schema.ts';
import { getMergeable } from './get-mergeable.ts';

type MergeDeps = Pick<Deps, 'db' | 'queue' | 'store' | 'now' | 'randomBytes'>;

/**
 * Queues a merge: a run on the versions that the models learnt from, mixed by the models' weights, whose job writes the merged adapter in
 * place of training one (merge-adapters.ts) and goes on as any other. Nothing is trained, so it costs nothing. The same idempotency key
 * returns the same run.
 *
 * @throws {MergeInvalidError | MergeRankError | MixInvalidError | LicencesIncompatibleError | RowsClosedError | RowsSealedError | TooManyRunsError}
 */
export async function launchMerge(deps: MergeDeps, actor: Actor, input: LaunchMergeInput): Promise<{ runId: string }> {
  const { address } = assertAccount(actor);
  const { merged, baseModel, recipe, parts } = await getMergeable(deps.db, address, input.models);
  const versionId = await versionOf(deps, actor, parts);
  const runId = await deps.db.transaction((tx) =>
    openRun(tx, { owner: address, idempotencyKey: input.idempotencyKey }, async () => {
      const id = newId(deps, 'run');
      await tx.insert(trainingRuns).values({
        ...{ id, owner: address, name: input.name, versionId, baseModel, preset: 'merge', recipe, seed: recipe.seed },
        ...{ status: 'queued', idempotencyKey: input.idempotencyKey, createdAt: deps.now() },
      });
      const rows = merged.map(({ model, adapter, weightPpm }, position) => ({
        ...{ runId: id, position, modelId: model.id, adapterId: adapter.id },
        ...{ versionHash: model.versionHash, weightPpm },
      }));
      await tx.insert(mergeParents).values(rows);
      return id;
    }),
  );
  await deps.queue.send('train-adapter', { runId }, { key: runId });
  return { runId };
}

/** The mix of the versions, or the one that all models learnt from. */
async function versionOf(deps: MergeDeps, actor: Actor, parts: ChosenPart[]): Promise<string> {
  const [{ versionId }] = parts as [ChosenPart];
  if (parts.length > 1) {
    const checked = mixPartsSchema.safeParse(parts);
    if (!checked.success) throw new MixInvalidError('The models learnt from more than eight versions together.');
    return (await createMix(deps, actor, { parts: checked.data })).versionId;
  }
  const [version] = await deps.db
    .select({ datanetId: datanetVersions.datanetId })
    .from(datanetVersions)
    .where(eq(datanetVersions.id, versionId));
  if (!version) throw new VersionMissingError();
  await getTrainingAccess(deps, actor, version.datanetId);
  return versionId;
}
