import type { DatabaseOrTransaction } from '#db/client.ts';
import { type DatanetTerms, getDatanetTerms } from './get-datanet-terms.ts';
import { requireOwner } from './rules.ts';

/**
 * The Datanet, provided that `account` owns it. `what` completes "Only the owner of this Datanet may …".
 *
 * @throws {DatanetNotFoundError | DatanetForbiddenError}
 */
export async function getOwnedDatanet(
  db: DatabaseOrTransaction,
  idOrSlug: string,
  account: string,
  what: string,
): Promise<DatanetTerms> {
  const datanet = await getDatanetTerms(db, idOrSlug);
  requireOwner(datanet, account, what);
  return datanet;
}
