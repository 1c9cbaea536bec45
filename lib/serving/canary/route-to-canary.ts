import type { DatabaseOrTransaction } from '#db/client.ts';
import { findServableModel } from '../queries.ts';
import type { ServableModel } from '../types.ts';
import { picksCanary } from './picks-canary.ts';

/**
 * The model that answers a question to `model`: itself, or for a part of the questions the canary that its owner set for its name, whichever
 * version answers for that. A canary
 * that left the market since, or costs more than was asked for, answers nothing.
 */
export async function routeToCanary(
  db: DatabaseOrTransaction,
  model: ServableModel,
  idempotencyKey: string,
): Promise<ServableModel> {
  if (model.isPrivate) return model;
  if (!model.canary || !picksCanary(model.familyId, idempotencyKey, model.canary.percent)) return model;
  const canary = await findServableModel(db, model.canary.modelId);
  return canary && fitsAsCanary(model, canary) ? canary : model;
}

/** Same owner, same base (so the same tokens and the same price of the prompt), and for nobody dearer. */
export function fitsAsCanary(model: ServableModel, canary: ServableModel): boolean {
  return (
    canary.id !== model.id &&
    !canary.isPrivate &&
    // A pass is for a name: what holders alone may ask stands in under that name, and for nobody else.
    (canary.access === 'everybody' || canary.familyId === model.familyId) &&
    canary.owner === model.owner &&
    canary.baseModel === model.baseModel &&
    canary.inputWeiPerToken <= model.inputWeiPerToken &&
    canary.outputWeiPerToken <= model.outputWeiPerToken
  );
}
