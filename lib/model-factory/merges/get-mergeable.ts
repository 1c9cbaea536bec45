import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mergeParents } from '#db/schema/merges.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import { isLive } from '../chain-facts.ts';
import { mergeRankMax } from '../rules.ts';
import type { ChosenModel } from '../schema.ts';
import { recipeSchema, type TrainingRecipe, targetModules } from '../schema.ts';
import { MergeInvalidError, MergeRankError } from './errors.ts';
import { tenthsOfWeights } from './rules.ts';

export type MergedModel = Awaited<ReturnType<typeof findModels>>[number] & { weightPpm: number };
/** `parts`: the versions that the models learnt from, by what each weighs in the merge; one alone is no mix. */
export type Mergeable = { merged: MergedModel[]; baseModel: string; recipe: TrainingRecipe; parts: ChosenPart[] };

/**
 * The models that are to be one, in the order of their ids, when they can be: live, of one base, none of them merged itself, together of a
 * rank that is served, and each of the account's own or for everybody, under a licence that lets something be made from it. Whether the rows may be
 * read is asked of their versions, where they are mixed.
 *
 * @throws {MergeInvalidError | MergeRankError}
 */
export async function getMergeable(
  db: DatabaseOrTransaction,
  account: string,
  chosen: readonly ChosenModel[],
): Promise<Mergeable> {
  const weights = new Map(chosen.map(({ model, weightPpm }) => [model, weightPpm]));
  const found = await findModels(db, [...weights.keys()]);
  if (found.length < weights.size)
    throw new MergeInvalidError('A model of this merge does not exist, or is not live yet. Choose among live models.');
  const merged = found.map((one) => ({ ...one, weightPpm: weights.get(one.model.slug)! }));
  refuseUnlike(merged);
  for (const one of merged) refuseForbidden(one, account);
  const recipe = recipeOf(merged);
  if (recipe.lora.r > mergeRankMax) throw new MergeRankError(recipe.lora.r);
  return { merged, recipe, baseModel: merged[0]!.adapter.baseModel, parts: await partsOf(db, merged) };
}

async function findModels(db: DatabaseOrTransaction, slugs: string[]) {
  return db
    .select({
      ...{ model: models, adapter: adapters, recipe: trainingRuns.recipe, license: datanets.license },
      // What only holders of a pass may ask would be everybody's in a merge, whoever holds one.
      access: sql<'everybody' | 'holders'>`model_access(${models.id})`,
      isMerged: sql<boolean>`exists (select 1 from ${mergeParents} p where p.run_id = ${adapters.runId})`,
    })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(and(inArray(models.slug, slugs), isLive))
    .orderBy(models.id);
}

/** @throws {MergeInvalidError} */
function refuseUnlike(merged: readonly MergedModel[]): void {
  const [first] = merged as [MergedModel];
  const baseOf = ({ adapter }: MergedModel) => (adapter.manifest as { baseSha256?: string }).baseSha256;
  const other = merged.find(
    (one) => one.adapter.baseModel !== first.adapter.baseModel || baseOf(one) !== baseOf(first),
  );
  if (other)
    throw new MergeInvalidError(
      `${first.model.name} and ${other.model.name} stand on two bases. Only models of one base can be merged.`,
    );
  const again = merged.find(({ isMerged }) => isMerged);
  if (again)
    throw new MergeInvalidError(`${again.model.name} is a merge itself. Choose the models that it was merged from.`);
}

/** @throws {MergeInvalidError} */
function refuseForbidden({ model, license, access }: MergedModel, account: string): void {
  if (model.owner === account) return;
  if (access === 'holders')
    throw new MergeInvalidError(`${model.name} is for holders of a pass. Only its owner can merge it.`);
  const inherited = inheritLicence([license]);
  if (!inherited.ok || !inherited.terms.derivatives)
    throw new MergeInvalidError(
      `${model.name} stands under ${license}, which forbids to hand on what is made from it. Only its owner can merge it.`,
    );
}

/** How rows are cut and read: as the heaviest has it, at the length of the longest. What makes a training says nothing about a merge. */
function recipeOf(merged: readonly MergedModel[]): TrainingRecipe {
  const recipes = merged.map(({ recipe }) => recipeSchema.parse(recipe));
  const heaviest = merged.reduce((at, one, i) => (one.weightPpm > merged[at]!.weightPpm ? i : at), 0);
  const rank = recipes.reduce((sum, { lora }) => sum + lora.r, 0);
  const adapted = new Set(recipes.flatMap(({ lora }) => lora.targetModules));
  const { privacy: _, ...recipe } = recipes[heaviest]!;
  return {
    ...recipe,
    lora: {
      ...{ r: rank, loraAlpha: rank, loraDropout: 0 },
      targetModules: targetModules.filter((module) => adapted.has(module)),
    },
    maxSeqLength: Math.max(...recipes.map(({ maxSeqLength }) => maxSeqLength)),
  };
}

/** A model of a mix brings its parts, by how often a pass read them; a version that several models learnt from counts for all of them. */
async function partsOf(db: DatabaseOrTransaction, merged: readonly MergedModel[]): Promise<ChosenPart[]> {
  const weights = new Map<string, number>();
  const add = (versionId: string, weight: number) => weights.set(versionId, (weights.get(versionId) ?? 0) + weight);
  for (const { model, weightPpm } of merged) {
    const parts = await listMixParts(db, model.versionId);
    const own = parts.length > 0 ? parts : [{ versionId: model.versionId, tenths: 10 }];
    for (const { versionId, tenths } of own) add(versionId, weightPpm * tenths);
  }
  const tenths = tenthsOfWeights([...weights.values()]);
  return [...weights.keys()].map((versionId, i) => ({ versionId, tenths: tenths[i]! }));
}
