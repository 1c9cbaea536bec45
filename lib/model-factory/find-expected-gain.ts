import { desc, eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { ExpectedGain } from './types.ts';

const runsRead = 20;

/**
 * What earlier runs that ended well gained on their held-out rows: of the same version where there are any, else of the same
 * Datanet, else of the same base. Null when nothing was trained on the base yet; nobody can know then.
 */
export async function findExpectedGain(
  deps: Pick<Deps, 'db'>,
  input: { versionId: string; baseModel: string },
): Promise<ExpectedGain | null> {
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, input.versionId));
  const scopes = [
    { of: 'version' as const, where: eq(trainingRuns.versionId, input.versionId) },
    { of: 'datanet' as const, where: eq(datanetVersions.datanetId, version?.datanetId ?? '') },
    { of: 'base' as const, where: eq(trainingRuns.baseModel, input.baseModel) },
  ];
  for (const { of, where } of scopes) {
    const rows = await deps.db
      .select({ base: adapters.baseModel, loss: adapters.evalLoss, baseLoss: adapters.baseEvalLoss })
      .from(adapters)
      .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
      .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
      .where(where)
      .orderBy(desc(adapters.createdAt))
      .limit(runsRead);
    const gains = rows
      .filter(({ base }) => base === input.baseModel)
      .map(({ loss, baseLoss }) => Math.round((1 - Math.exp(loss - baseLoss)) * 100))
      .sort((a, b) => a - b);
    if (gains.length > 0) {
      const middle = gains[Math.floor(gains.length / 2)]!;
      return { runs: gains.length, of, least: gains[0]!, middle, most: gains.at(-1)! };
    }
  }
  return null;
}
