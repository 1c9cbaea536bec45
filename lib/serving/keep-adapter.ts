import { and, eq, inArray } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { AdapterForbiddenError, ModelNotFoundError, PinsUsedUpError } from './errors.ts';
import { findServableModel } from './queries.ts';
import type { KeepAdapterInput } from './schema.ts';
import { fetchServingState, moveAdapter } from './serve-client.ts';

/** Pinned adapters take memory that all models share. */
const pinsOfAccount = 2;

/**
 * The owner of a model, or the operator, moves its adapter into memory ahead of a question, keeps it there, or lets it go. A pin
 * lasts until it is let go or the serve process ends. An owner has at most two; the operator as many as there is memory for.
 *
 * @returns whether the adapter is in memory now; false after `unload`, also where a running answer still holds it
 * @throws NotSignedInError, ModelNotFoundError, AdapterForbiddenError, PinsUsedUpError, and what the serve process refuses with
 */
export async function keepAdapter(
  deps: Pick<Deps, 'db' | 'env' | 'operator'>,
  actor: Actor,
  { model: name, move }: KeepAdapterInput,
): Promise<{ inMemory: boolean }> {
  const { address } = assertAccount(actor);
  const model = await findServableModel(deps.db, name, address);
  if (!model) throw new ModelNotFoundError(name);
  const isOperator = address === deps.operator.address.toLowerCase();
  if (model.owner.toLowerCase() !== address && !isOperator) throw new AdapterForbiddenError();
  if (move === 'pin' && !isOperator) await assertPinFree(deps, address, model.adapterId);
  return { inMemory: await moveAdapter(deps, model.adapterId, move) };
}

async function assertPinFree(deps: Pick<Deps, 'db' | 'env'>, address: string, adapterId: string): Promise<void> {
  const { adapters } = await fetchServingState(deps);
  const pinned = adapters.flatMap(({ id, isPinned }) => (isPinned && id !== adapterId ? [id] : []));
  if (pinned.length < pinsOfAccount) return;
  const own = await deps.db.$count(models, and(eq(models.owner, address), inArray(models.adapterId, pinned)));
  if (own >= pinsOfAccount) throw new PinsUsedUpError(pinsOfAccount);
}
