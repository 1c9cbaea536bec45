import { and, eq, gt } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelChoices, modelVersions } from '#db/schema/model-versions.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { ModelNotFoundError, ModelVersionForbiddenError, VersionSplitError } from '../errors.ts';
import type { PublishModelInput } from '../schema.ts';
import { type Family, findFamily } from './find-family.ts';

/**
 * The live model that a run becomes the next version of.
 *
 * @throws {ModelNotFoundError | ModelVersionForbiddenError | VersionSplitError}
 */
export async function getFamily(
  deps: Pick<Deps, 'db'>,
  slug: string,
  account: string,
  { split }: Pick<PublishModelInput, 'split'>,
): Promise<Family> {
  const family = await findFamily(deps.db, slug);
  if (!family) throw new ModelNotFoundError(slug);
  if (family.model.owner !== account) throw new ModelVersionForbiddenError();
  const roles = ['data', 'model', 'app', 'infra', 'validators'] as const;
  if (roles.some((role) => family.model.split[role] !== split[role])) throw new VersionSplitError();
  return family;
}

/** `name@2`: the number that this run has in the family already, or the next one. */
export async function versionSlug(deps: Pick<Deps, 'db'>, family: Family, modelId: string): Promise<string> {
  const [before] = await deps.db.select().from(modelVersions).where(eq(modelVersions.modelId, modelId));
  const number = before?.familyId === family.model.id ? before.number : family.newest + 1;
  return `${family.model.slug}@${number}`;
}

/** Notes the version, and that it answers for the name as soon as the chain has it. The second time nothing happens. */
export async function storeVersion(
  deps: Pick<Deps, 'now' | 'randomBytes'> & { db: DatabaseOrTransaction },
  { model }: Family,
  { modelId, slug }: { modelId: string; slug: string },
): Promise<void> {
  const number = Number(slug.slice(slug.lastIndexOf('@') + 1));
  await deps.db
    .insert(modelVersions)
    .values({ modelId: model.id, familyId: model.id, number: 1 })
    .onConflictDoNothing();
  const inserted = await deps.db
    .insert(modelVersions)
    .values({ modelId, familyId: model.id, number })
    .onConflictDoNothing({ target: modelVersions.modelId })
    .returning({ number: modelVersions.number });
  if (inserted.length === 0) return;
  const choice = { id: newId(deps, 'modelChoice'), familyId: model.id, modelId };
  await deps.db.insert(modelChoices).values({ ...choice, setBy: model.owner, setAt: deps.now() });
}

/** A run that was to be a version and is published as a model of its own after all, before the chain has it. */
export async function dropVersion(db: DatabaseOrTransaction, modelId: string): Promise<void> {
  const isSecond = and(eq(modelVersions.modelId, modelId), gt(modelVersions.number, 1));
  const dropped = await db.delete(modelVersions).where(isSecond).returning({ id: modelVersions.modelId });
  if (dropped.length > 0) await db.delete(modelChoices).where(eq(modelChoices.modelId, modelId));
}
