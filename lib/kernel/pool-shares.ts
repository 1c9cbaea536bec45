import type { RoleShare } from './role-shares.ts';

/**
 * By what an answer's part of the common pool is paid: who is paid by name for influence, with their ppm, by account. Null
 * where nobody is, for want of a source or of a certificate: then all original rows of the version count the same.
 *
 * Rows that the answer only read have no part in it: what is left to the pool is the part of training that is not explained.
 */
export function poolShares({
  explainedPpm,
  rows,
}: {
  explainedPpm: number;
  rows: readonly { roles: readonly RoleShare[] }[];
}): [`0x${string}`, number][] | null {
  if (explainedPpm === 0) return null;
  const sums = new Map<`0x${string}`, number>();
  for (const { account, sharePpm } of rows.flatMap((row) => row.roles)) {
    sums.set(account, (sums.get(account) ?? 0) + sharePpm);
  }
  return [...sums].filter(([, ppm]) => ppm > 0).sort(([a], [b]) => (a < b ? -1 : 1));
}
