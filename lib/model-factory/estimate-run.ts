import { and, desc, eq, sql } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { calculateEstimate } from './calculate-estimate.ts';
import { VersionMissingError, VersionNotTrainableError } from './errors.ts';
import { getBaseModel } from './get-base-model.ts';
import { readVersionRows } from './read-version-rows.ts';
import { divideHeldOut, minTrainableRows } from './rules.ts';
import type { EstimateRunInput } from './schema.ts';
import type { RunEstimate } from './types.ts';

type EstimateDeps = Pick<Deps, 'db' | 'store' | 'env' | 'now'>;

/** Measured: 78 MB of the base corpus were 21.27 million tokens of openledger-nano's vocabulary. */
const defaultCharsPerToken = 3.67;
/**
 * LoRA r 8 on openledger-nano, rows of 60 to 100 tokens, batch 8, one thread of an idle machine of two cores: docs/engine-log.md,
 * "First engine". The overhead around the steps is a guess; both give way to the newest run on this server.
 */
const defaultSpeed = { tokensPerSecond: 4_700, overheadSeconds: 20 };

/**
 * Says what a run will take before it is launched; anyone may ask who may read the rows. Tokens are exact once a run of this version on this base has
 * counted them, else taken from characters; the speed is that of this server's newest finished run of the base. Reads
 * the version's rows once.
 */
export async function estimateRun(deps: EstimateDeps, actor: Actor, input: EstimateRunInput): Promise<RunEstimate> {
  const base = await getBaseModel(deps, input.baseModel);
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, input.versionId));
  if (!version) throw new VersionMissingError();
  await getTrainingAccess(deps, actor, version.datanetId);
  if (version.rowCount < minTrainableRows) throw new VersionNotTrainableError(version.rowCount);
  const { train, heldOut } = divideHeldOut(await readVersionRows(deps, version));
  const [countedTokens, speed] = await Promise.all([findCountedTokens(deps, input), findSpeed(deps, base.name)]);
  return calculateEstimate(
    {
      base,
      trainChars: train.map((row) => Object.values(row.data).reduce((sum, text) => sum + text.length, 0)),
      heldOutRows: heldOut.length,
      countedTokens,
      charsPerToken: defaultCharsPerToken,
      ...(speed ?? { ...defaultSpeed, speedFrom: 'default' as const }),
    },
    input.recipe,
  );
}

/** Tokens of one pass, from a run of the same version, base and row limit; `trainTokens` counts all its passes. */
async function findCountedTokens(deps: Pick<Deps, 'db'>, input: EstimateRunInput): Promise<number | null> {
  const [row] = await deps.db
    .select({ tokens: sql<number>`((${trainingEvents.data} ->> 'trainTokens')::float8)`, recipe: trainingRuns.recipe })
    .from(trainingEvents)
    .innerJoin(trainingRuns, eq(trainingRuns.id, trainingEvents.runId))
    .where(
      and(
        eq(trainingEvents.type, 'started'),
        eq(trainingRuns.versionId, input.versionId),
        eq(trainingRuns.baseModel, input.baseModel),
        sql`(${trainingRuns.recipe} ->> 'maxSeqLength')::int = ${input.recipe.maxSeqLength}`,
      ),
    )
    .orderBy(desc(trainingRuns.createdAt))
    .limit(1);
  const epochs = Number(row?.recipe.epochs ?? 0);
  return row && epochs > 0 ? Math.round(row.tokens / epochs) : null;
}

/** Speed and what lay around the steps, from the newest run of the base that ended well. */
async function findSpeed(deps: Pick<Deps, 'db'>, baseModel: string) {
  const [run] = await deps.db
    .select()
    .from(trainingRuns)
    .where(and(eq(trainingRuns.baseModel, baseModel), eq(trainingRuns.status, 'succeeded')))
    .orderBy(desc(trainingRuns.endedAt))
    .limit(1);
  if (!run?.startedAt || !run.endedAt) return null;
  const [said] = await deps.db
    .select({
      speed: sql<number | null>`avg((data ->> 'tokensPerSecond')::float8) filter (where type = 'step')`,
      tokens: sql<number | null>`max((data ->> 'trainTokens')::float8) filter (where type = 'started')`,
      resumed: sql<number>`count(*) filter (where type = 'resumed')::int`,
    })
    .from(trainingEvents)
    .where(eq(trainingEvents.runId, run.id));
  if (!said?.speed) return null;
  const wallSeconds = (run.endedAt.getTime() - run.startedAt.getTime()) / 1000;
  const around = said.tokens && said.resumed === 0 ? wallSeconds - said.tokens / said.speed : 0;
  return {
    tokensPerSecond: said.speed,
    overheadSeconds: around > 0 ? around : defaultSpeed.overheadSeconds,
    speedFrom: 'last-run' as const,
  };
}
