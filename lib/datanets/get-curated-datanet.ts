import type { DatabaseOrTransaction } from '#db/client.ts';
import { type DatanetTerms, getDatanetTerms } from './get-datanet-terms.ts';
import { requireCurator } from './rules.ts';

/**
 * The Datanet, provided that `account` owns or curates it. `what` completes "Only the owner and the curators may …".
 *
 * @throws {DatanetNotFoundError | DatanetForbiddenError}
 */
export async function getCuratedDatanet(
  db: DatabaseOrTransaction,
  idOrSlug: string,
  account: string,
  what: string,
): Promise<DatanetTerms> {
  const datanet = await getDatanetTerms(db, idOrSlug);
  requireCurator(datanet, account, what);
  return datanet;
}
