import { type IdKind, makeId } from '#lib/kernel/ids.ts';
import type { Deps } from './deps.ts';

/** A fresh id of that kind from the deps' clock and randomness. */
export function newId(deps: Pick<Deps, 'now' | 'randomBytes'>, kind: IdKind): string {
  return makeId(kind, deps.now().getTime(), deps.randomBytes(10));
}
