import type { ReadAccess } from '#lib/access/types.ts';
import type { Actor } from '#lib/platform/deps.ts';
import type { ExampleRow } from './types.ts';

/**
 * A row as this reader may have it: whole for readers of its Datanet; its own text and the decision about it for its author; nothing that
 * anybody wrote for everyone else.
 */
export function readableRow<R extends ExampleRow>(row: R, actor: Actor, access: Pick<ReadAccess, 'mayRead'>): R {
  if (access.mayRead) return row;
  const isAuthor = actor.kind === 'account' && actor.address === row.contributor;
  const improves = row.improves && { ...row.improves, note: isAuthor ? row.improves.note : '', before: null };
  return isAuthor ? { ...row, improves } : { ...row, data: null, reason: null, card: null, improves };
}
