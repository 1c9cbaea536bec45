import type { Actor } from '#lib/platform/deps.ts';
import { PlainTextRefusedError, RowsClosedError } from './errors.ts';
import { findReadAccess } from './get-read-access.ts';

/**
 * Asked before rows are taken in, and before it is told whether a text is there already: in a private Datanet that answer is
 * for members alone. `deps.db` may be the transaction that stores the rows.
 *
 * @throws {RowsClosedError} not a member. @throws {PlainTextRefusedError} the Datanet takes sealed rows only.
 */
export async function getContributeAccess(
  deps: Parameters<typeof findReadAccess>[0],
  actor: Actor,
  datanetId: string,
): Promise<void> {
  const { tier, mayContribute } = await findReadAccess(deps, actor, datanetId);
  if (tier === 'encrypted') throw new PlainTextRefusedError();
  if (!mayContribute && tier !== 'public') throw new RowsClosedError(tier);
}
