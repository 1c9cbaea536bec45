import type { DatabaseOrTransaction } from '#db/client.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import type { ReadAccess } from '#lib/access/types.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { ExampleStatus } from './types.ts';

/** Somebody before the rows of one Datanet. `decides`: its owner, a curator, or the system. */
export type RowReader = { address: string | null; access: ReadAccess; decides: boolean };

/** Rows that nobody has let in, or that were refused: not published. */
const undecided: ReadonlySet<ExampleStatus> = new Set(['pending', 'rejected']);
export const isUndecided = (status: ExampleStatus): boolean => undecided.has(status);

/** Two index look-ups more than `findReadAccess` for an account, none for a visitor. */
export async function findRowReader(
  deps: Pick<Deps, 'now'> & { db: DatabaseOrTransaction },
  actor: Actor,
  datanetId: string,
): Promise<RowReader> {
  const access = await findReadAccess(deps, actor, datanetId);
  if (actor.kind !== 'account') return { address: null, access, decides: actor.kind === 'system' };
  const { owner, curators } = await getDatanetTerms(deps.db, datanetId);
  return { address: actor.address, access, decides: [owner, ...curators].includes(actor.address) };
}

/**
 * Whether this reader may have a row's text. What readers of the Datanet read is what was let in. A row that waits, or was refused, is
 * for its author and for who decides, and for validators at their places of a round alone: whoever could read it elsewhere would know
 * which places of a round are gold. Of an encrypted Datanet the server has no text.
 */
export function mayReadRow(
  row: { status: ExampleStatus; contributor: string },
  { address, access, decides }: RowReader,
): boolean {
  if (address === row.contributor) return true;
  return access.mayRead && (decides || access.tier === 'encrypted' || !isUndecided(row.status));
}
