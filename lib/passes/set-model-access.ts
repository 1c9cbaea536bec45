import { passOffers } from '#db/schema/model-passes.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { assertSellable } from './assert-sellable.ts';
import { PassForbiddenError } from './errors.ts';
import { getPassFamily } from './get-pass-family.ts';
import type { SetModelAccessInput } from './schema.ts';

/**
 * The owner of a live model says who may ask it under any of its versions: everybody, or holders of a pass; and which passes are sold for
 * how much. It is in force with the next question; passes that were bought before stay as they were bought.
 *
 * @throws {NotSignedInError | ModelNotFoundError | PassForbiddenError | PassLicenceError}
 */
export async function setModelAccess(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { model, access, days, answers }: SetModelAccessInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  const family = await getPassFamily(deps.db, model);
  if (family.owner !== address) throw new PassForbiddenError();
  if (days || answers) await assertSellable(deps.db, family.id);
  await deps.db.insert(passOffers).values({
    ...{ id: newId(deps, 'passOffer'), familyId: family.id, access, setBy: address, setAt: deps.now() },
    ...(days && { days: days.amount, daysWei: BigInt(days.priceWei) }),
    ...(answers && { answers: answers.amount, answersWei: BigInt(answers.priceWei) }),
  });
}
