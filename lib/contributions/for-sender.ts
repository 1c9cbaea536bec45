import type { RowVerdict } from './types.ts';

/** A verdict as its sender gets it: without the keys that only the database needs. */
export function forSender(verdict: RowVerdict): RowVerdict {
  if (verdict.kind !== 'new') return verdict;
  const { bands: _, ...told } = verdict;
  return told;
}
