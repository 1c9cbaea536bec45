import { modelRoutes } from '#db/schema/model-routes.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { CanaryForbiddenError, CanaryUnfitError, ModelNotFoundError } from '../errors.ts';
import { findServableModel } from '../queries.ts';
import type { SetCanaryInput } from '../schema.ts';
import { fitsAsCanary } from './route-to-canary.ts';

/**
 * The owner lets another model of theirs, or another version of the same, answer a part of the questions to a model's name: a few first, all when it holds, none to go back. It is in
 * force with the next question. What it answers is its own: its price, its receipt, its sources' earnings.
 *
 * @throws NotSignedInError, ModelNotFoundError, CanaryForbiddenError, CanaryUnfitError
 */
export async function setCanary(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: SetCanaryInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  const [model, canary] = await Promise.all([
    findServableModel(deps.db, input.model),
    findServableModel(deps.db, input.canary),
  ]);
  if (!model) throw new ModelNotFoundError(input.model);
  if (!canary) throw new ModelNotFoundError(input.canary);
  if (model.owner !== address) throw new CanaryForbiddenError();
  // The way back is open whatever the canary has become.
  if (input.percent > 0 && !fitsAsCanary(model, canary)) throw new CanaryUnfitError();
  const line = { id: newId(deps, 'modelRoute'), modelId: model.familyId, canaryId: canary.id, percent: input.percent };
  await deps.db.insert(modelRoutes).values({ ...line, setBy: address, setAt: deps.now() });
}
