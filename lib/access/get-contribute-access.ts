import { eq } from 'drizzle-orm';
import { mixes } from '#db/schema/mixes.ts';
import { MixTakesNoRowsError } from '#lib/mixes/errors.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { PlainTextRefusedError, RowsClosedError } from './errors.ts';
import { findReadAccess } from './get-read-access.ts';

/**
 * Asked before rows are taken in, and before it is told whether a text is there already: in a private Datanet that answer is
 * for members alone. `deps.db` may be the transaction that stores the rows.
 *
 * @throws {MixTakesNoRowsError} rows go to the Datanets that a mix is made of. @throws {RowsClosedError} not a member. @throws {PlainTextRefusedError} the Datanet takes sealed rows only.
 */
export async function getContributeAccess(
  deps: Parameters<typeof findReadAccess>[0],
  actor: Actor,
  datanetId: string,
): Promise<void> {
  if ((await deps.db.$count(mixes, eq(mixes.datanetId, datanetId))) > 0) throw new MixTakesNoRowsError();
  const { tier, mayContribute } = await findReadAccess(deps, actor, datanetId);
  if (tier === 'encrypted') throw new PlainTextRefusedError();
  if (!mayContribute && tier !== 'public') throw new RowsClosedError(tier);
}
