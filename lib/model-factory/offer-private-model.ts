import { eq } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { genesisHead, hashModelVersion } from '#lib/kernel/version-head.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findTrainingSet } from './find-training-set.ts';
import { lineageOf } from './lineage.ts';
import { slugOf } from './rules.ts';

/** The split that a later publication starts from; at a price of nothing it divides nothing. */
const split = { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 };

/**
 * Lets the owner of a fine-tuning job ask what it trained, at no price and as the only one: the model stands under the id that
 * its publication would have, with a version hash over a Datanet that is not on chain yet, so it is live nowhere. Publishing the
 * run later replaces name, price and hash. Does nothing for runs that no job asked for, and nothing the second time.
 */
export async function offerPrivateModel(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  { runId }: { runId: string },
): Promise<void> {
  const [row] = await deps.db
    .select({
      ...{ job: fineTuningJobs, run: trainingRuns, adapter: adapters, version: datanetVersions },
      license: datanets.license,
    })
    .from(fineTuningJobs)
    .innerJoin(trainingRuns, eq(trainingRuns.id, fineTuningJobs.runId))
    .innerJoin(adapters, eq(adapters.runId, trainingRuns.id))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(fineTuningJobs.runId, runId));
  if (!row || row.job.modelId !== null || row.run.status !== 'succeeded') return;
  const { job, run, adapter, version, license } = row;
  const heldOutIds = (await findTrainingSet(deps, adapter.id))!.heldOut.map(({ id }) => id);
  const lineage = lineageOf({ run, adapter, version, datanetHeads: [genesisHead], heldOutIds, license });
  const id = derivedId('model', run.id);
  const name = `${run.baseModel}${job.suffix ? ` ${job.suffix}` : ''}`;
  await deps.db.transaction(async (tx) => {
    await tx
      .insert(models)
      .values({
        ...{ id, slug: slugOf(`ft ${name} ${id.slice(-8)}`), name: name.slice(0, 60), owner: run.owner, split },
        ...{ summary: 'Trained through the API on a file of its owner.', adapterId: adapter.id, versionId: version.id },
        ...{ inputWeiPerToken: 0n, outputWeiPerToken: 0n, versionHash: hashModelVersion(lineage.version) },
        createdAt: deps.now(),
      })
      .onConflictDoNothing({ target: models.id }); // published meanwhile: that one stays
    await tx.update(fineTuningJobs).set({ modelId: id }).where(eq(fineTuningJobs.id, job.id));
  });
}
