/** What can be staked upon, in the order of their numbers in PoolIds.sol. */
export const poolKinds = ['datanet', 'model', 'validator'] as const;
export type PoolKind = (typeof poolKinds)[number];

/** A pool's name: a byte of kind, then 31 bytes of id. */
export const poolIdBits = 248n;

/** Name of the pool of a Datanet or model (its registry number) or of a validator (its address). The twin of PoolIds.sol. */
export function poolOf(kind: PoolKind, id: string | bigint): `0x${string}` {
  const number = BigInt(id);
  if (number < 0n || number >= 1n << poolIdBits) throw new RangeError(`no pool has the id ${id}`);
  const word = (BigInt(poolKinds.indexOf(kind) + 1) << poolIdBits) | number;
  return `0x${word.toString(16).padStart(64, '0')}`;
}
