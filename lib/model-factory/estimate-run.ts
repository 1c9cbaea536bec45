import { and, desc, eq, sql } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { getMixable } from '#lib/mixes/get-mixable.ts';
import { cpuShareNow } from '#lib/platform/cpu-share.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { calculateEstimate } from './calculate-estimate.ts';
import { VersionMissingError, VersionNotTrainableError } from './errors.ts';
import { findExpectedGain } from './find-expected-gain.ts';
import { findSpeed } from './find-speed.ts';
import { findTrainingCheck } from './find-training-check.ts';
import { getBaseModel } from './get-base-model.ts';
import { readPartRows, readVersionRows } from './read-version-rows.ts';
import { divideHeldOut, minTrainableRows } from './rules.ts';
import type { EstimateRunInput } from './schema.ts';
import type { RunEstimate } from './types.ts';

type EstimateDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log' | 'now'>;

/** Measured: 78 MB of the base corpus were 21.27 million tokens of openledger-nano's vocabulary. */
const defaultCharsPerToken = 3.67;

/**
 * Says what a run will take before it is launched; anyone may ask who may train on the rows. Tokens, cuts, prompts and memory are the
 * trainer's own count of the rows; without its answer tokens come from an earlier run or from characters. Speed and gain are
 * those of earlier runs on this server, at the part of a core (`cpuShare`) that a run gets now.
 */
export async function estimateRun(
  deps: EstimateDeps,
  actor: Actor,
  input: EstimateRunInput,
  { cpuShare }: { cpuShare?: number } = {},
): Promise<RunEstimate> {
  const shareNow = cpuShare ?? cpuShareNow(); // watched before the check below takes a core itself
  const base = await getBaseModel(deps, input.baseModel);
  const data = await getData(deps, actor, input);
  for (const datanetId of data.datanetIds) await getTrainingAccess(deps, actor, datanetId);
  if (data.rowCount < minTrainableRows) throw new VersionNotTrainableError(data.rowCount);
  const share = await shareNow;
  const [check, speed, gain] = await Promise.all([
    findTrainingCheck(deps, input),
    findSpeed(deps, base.name, share),
    findExpectedGain(deps, input),
  ]);
  const { train, heldOut } = check ? { train: [], heldOut: [] } : divideHeldOut(await data.readRows());
  return calculateEstimate(
    {
      base,
      check,
      trainChars: train.map((row) => Object.values(row.data).reduce((sum, text) => sum + text.length, 0)),
      heldOutRows: heldOut.length,
      countedTokens: check ? null : await findCountedTokens(deps, input),
      charsPerToken: defaultCharsPerToken,
      speed,
      gain,
    },
    input.recipe,
  );
}

/** The version, or the versions of a mix that is not made yet. @throws {VersionMissingError}; what `getMixable` throws */
async function getData(deps: EstimateDeps, actor: Actor, { versionId, parts }: EstimateRunInput) {
  if (parts) {
    const mix = await getMixable(deps, actor, parts);
    return {
      datanetIds: mix.parts.map(({ datanet }) => datanet.id),
      rowCount: mix.parts.reduce((sum, { version }) => sum + version.rowCount, 0),
      readRows: () => readPartRows(deps, parts),
    };
  }
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
  if (!version) throw new VersionMissingError();
  const { datanetId, rowCount } = version;
  return { datanetIds: [datanetId], rowCount, readRows: () => readVersionRows(deps, version) };
}

/** Tokens of one pass, from a run of the same version, base and row limit; `trainTokens` counts all its passes. */
async function findCountedTokens(deps: Pick<Deps, 'db'>, input: EstimateRunInput): Promise<number | null> {
  if (input.parts) return null;
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
