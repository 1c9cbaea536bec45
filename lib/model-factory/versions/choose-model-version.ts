import { and, eq } from 'drizzle-orm';
import { modelChoices, modelVersions } from '#db/schema/model-versions.ts';
import { models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { isLive } from '../chain-facts.ts';
import { ModelNotFoundError, ModelVersionForbiddenError, ModelVersionNotLiveError } from '../errors.ts';
import type { ChooseModelVersionInput } from '../schema.ts';

/**
 * Lets another version answer for a model's name, from the next question on: the newest again, or an earlier one as the way back. Who
 * asks for a version by its number is not touched, nor is any receipt: each names the version that answered.
 *
 * @throws {ModelNotFoundError | ModelVersionForbiddenError | ModelVersionNotLiveError}
 */
export async function chooseModelVersion(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { model: slug, number }: ChooseModelVersionInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  const [family] = await deps.db.select().from(models).where(eq(models.slug, slug));
  if (!family) throw new ModelNotFoundError(slug);
  if (family.owner !== address) throw new ModelVersionForbiddenError();
  const [version] = await deps.db
    .select({ id: models.id, live: isLive })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(and(eq(modelVersions.familyId, family.id), eq(modelVersions.number, number)));
  if (!version) throw new ModelNotFoundError(`${slug}@${number}`);
  if (!version.live) throw new ModelVersionNotLiveError(number);
  const choice = { id: newId(deps, 'modelChoice'), familyId: family.id, modelId: version.id };
  await deps.db.insert(modelChoices).values({ ...choice, setBy: address, setAt: deps.now() });
}
