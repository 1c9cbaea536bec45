import type { DatabaseOrTransaction } from '#db/client.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import { PassLicenceError } from './errors.ts';
import { listFamilyLicences } from './get-pass-family.ts';

/**
 * A pass is for every version of a model, so all of their rows must be free to be sold; one that is not known forbids it.
 *
 * @throws {PassLicenceError}
 */
export async function assertSellable(db: DatabaseOrTransaction, familyId: string): Promise<void> {
  for (const licence of await listFamilyLicences(db, familyId)) {
    const inherited = inheritLicence([licence]);
    if (!inherited.ok || !inherited.terms.commercial) throw new PassLicenceError(licence);
  }
}
