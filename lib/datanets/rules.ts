import { DatanetForbiddenError } from './errors.ts';

type Guarded = { owner: string; curators: readonly string[] };

/** Owners appoint curators and name the terms. */
export function requireOwner(datanet: Pick<Guarded, 'owner'>, account: string, what: string): void {
  if (datanet.owner !== account) throw new DatanetForbiddenError('owner', what);
}

/** Curators decide about rows and freeze versions; the owner is one by right. */
export function isCurator(datanet: Guarded, account: string): boolean {
  return datanet.owner === account || datanet.curators.includes(account);
}

export function requireCurator(datanet: Guarded, account: string, what: string): void {
  if (!isCurator(datanet, account)) throw new DatanetForbiddenError('curator', what);
}
