import { eq } from 'drizzle-orm';
import { adapters, models } from '#db/schema/models.ts';
import { ModelNotFoundError } from '#lib/model-factory/errors.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ModelExportForbiddenError } from './errors.ts';

export type OwnModel = { adapterId: string; adapterSha256: string; objectPrefix: string };

/**
 * A model whose files the actor may take. Only its owner may: contributors are paid when it answers here, not when it
 * answers elsewhere, and no licence of a Datanet says yet that everybody may have the weights.
 *
 * @throws {NotSignedInError | ModelNotFoundError | ModelExportForbiddenError}
 */
export async function getOwnModel(deps: Pick<Deps, 'db'>, actor: Actor, slug: string): Promise<OwnModel> {
  const { address } = assertAccount(actor);
  const [row] = await deps.db
    .select({
      owner: models.owner,
      adapterId: adapters.id,
      adapterSha256: adapters.sha256,
      objectPrefix: adapters.objectPrefix,
    })
    .from(models)
    .innerJoin(adapters, eq(adapters.id, models.adapterId))
    .where(eq(models.slug, slug));
  if (!row) throw new ModelNotFoundError(slug);
  const { owner, ...model } = row;
  if (owner !== address) throw new ModelExportForbiddenError();
  return model;
}
