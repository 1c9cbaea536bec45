import { formatCount } from '#components/model-factory/format.ts';
import type { Pass, PassKind } from '#lib/passes/types.ts';

/** "30 days", "1 answer". */
export function amountText({ kind, amount }: { kind: PassKind; amount: number }): string {
  return `${formatCount(amount)} ${amount === 1 ? kind.slice(0, -1) : kind}`;
}

/** A pass's state in a word or two. */
export const passStates: Record<Pass['state'], string> = {
  usable: 'in force',
  expired: 'over',
  used_up: 'used up',
  revoked: 'taken back',
};
