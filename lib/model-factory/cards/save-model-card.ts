import { eq, sql } from 'drizzle-orm';
import { modelCards } from '#db/schema/model-versions.ts';
import { models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ModelNotFoundError, ModelVersionForbiddenError } from '../errors.ts';
import type { SaveModelCardInput } from '../schema.ts';

/**
 * Keeps what the owner says of a model, at any time: it is words, and no part of what the chain commits to.
 *
 * @throws {ModelNotFoundError | ModelVersionForbiddenError}
 */
export async function saveModelCard(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { model: name, body }: SaveModelCardInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  const [model] = await deps.db
    .select()
    .from(models)
    .where(eq(models.id, sql`resolve_model(${name})`));
  if (!model) throw new ModelNotFoundError(name);
  if (model.owner !== address) throw new ModelVersionForbiddenError();
  const card = { body, updatedAt: deps.now() };
  await deps.db
    .insert(modelCards)
    .values({ modelId: model.id, ...card })
    .onConflictDoUpdate({ target: modelCards.modelId, set: card });
}
