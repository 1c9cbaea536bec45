import type { LineageAct } from './role-shares.ts';

/** Whose row it is: who last made its words. Throws a RangeError for a row without lineage. */
export function contributorOf(lineage: readonly LineageAct[]): `0x${string}` {
  const author = lineage.findLast(({ role }) => role !== 'review' && role !== 'feedback') ?? lineage[0];
  if (!author) throw new RangeError('contributorOf: a row without lineage');
  return author.account;
}
