import { and, eq, ne, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { inferences } from '#db/schema/models.ts';
import { PassRequiredError } from '#lib/passes/errors.ts';
import { findOffer } from '#lib/passes/find-offer.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { ModelNotFoundError } from './errors.ts';
import { findServableModel } from './queries.ts';
import type { ServableModel } from './types.ts';

type Sent = { callerKey: string; idempotencyKey: string };

/**
 * The model that `viewer` may ask now, by id or name: live and open to all, or with a pass of theirs for its name, or their own. Everything
 * that makes a model compute goes through here; of a pass by number an answer is taken where it is begun (reserve-inference.ts). A request
 * that was answered before is let through, so that one who used their last answer gets it again.
 *
 * @param viewer an account that is proven; null for a visitor, and for who is known by a payment alone
 * @throws {ModelNotFoundError | PassRequiredError} the second says what a pass costs
 */
export async function getAskableModel(
  deps: Pick<Deps, 'db' | 'now'>,
  name: string,
  viewer: string | null | undefined,
  sent?: Sent,
): Promise<ServableModel> {
  const model = await findServableModel(deps.db, name, viewer);
  if (!model) throw new ModelNotFoundError(name);
  if (!needsPass(model, viewer)) return model;
  if (viewer && (await hasPass(deps, model.familyId, viewer))) return model;
  if (sent && (await wasSent(deps.db, sent))) return model;
  throw await passRequired(deps.db, model);
}

/** Whether who asks this model must hold a pass for it. */
export function needsPass(model: ServableModel, viewer: string | null | undefined): boolean {
  return model.access === 'holders' && !model.isPrivate && model.owner !== viewer?.toLowerCase();
}

/** The refusal of who has none, with what one costs. */
export async function passRequired(
  db: DatabaseOrTransaction,
  { familyId, slug }: Pick<ServableModel, 'familyId' | 'slug'>,
): Promise<PassRequiredError> {
  return new PassRequiredError(slug.split('@')[0]!, await findOffer(db, familyId));
}

async function hasPass({ db, now }: Pick<Deps, 'db' | 'now'>, familyId: string, viewer: string): Promise<boolean> {
  const { rows } = await db.execute<{ id: string | null }>(sql`
    select usable_pass(${familyId}, ${viewer.toLowerCase()}, ${now().toISOString()}::timestamptz) as id`);
  return rows[0]!.id !== null;
}

async function wasSent(db: DatabaseOrTransaction, { callerKey, idempotencyKey }: Sent): Promise<boolean> {
  const isSame = and(eq(inferences.callerKey, callerKey), eq(inferences.idempotencyKey, idempotencyKey));
  return (await db.$count(inferences, and(isSame, ne(inferences.status, 'failed')))) > 0;
}
