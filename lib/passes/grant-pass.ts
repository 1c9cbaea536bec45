import { modelPasses } from '#db/schema/model-passes.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { PassForbiddenError, PassNotSoldError } from './errors.ts';
import { getPassFamily } from './get-pass-family.ts';
import { endOfPass } from './rules.ts';
import type { GrantPassInput } from './schema.ts';

/**
 * The owner gives somebody a pass, which the owner may take back at any time. It can be given before the model is for holders alone, so
 * that nobody is shut out in between.
 *
 * @throws {NotSignedInError | ModelNotFoundError | PassForbiddenError | PassNotSoldError}
 */
export async function grantPass(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { model, holder, terms }: GrantPassInput,
): Promise<{ passId: string }> {
  const { address } = assertAccount(actor);
  const family = await getPassFamily(deps.db, model);
  if (family.owner !== address) throw new PassForbiddenError();
  if (family.owner === holder) throw new PassNotSoldError('own');
  const now = deps.now();
  const id = newId(deps, 'modelPass');
  await deps.db.insert(modelPasses).values({
    ...{ id, familyId: family.id, holder, source: 'granted', priceWei: 0n, createdAt: now },
    ...(terms.kind === 'days'
      ? { until: endOfPass(now, terms.amount) }
      : { answers: terms.amount, answersLeft: terms.amount }),
  });
  return { passId: id };
}
