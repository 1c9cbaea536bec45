import { type Address, parseTransaction } from 'viem';
import { raisedFees } from './raised-fees.ts';
import { findRow } from './sender.ts';
import { type SenderDeps, signTransaction } from './sign-transaction.ts';
import { addVariant, newestVariant } from './variants.ts';

/**
 * Tries to take a transaction back that is not included yet: nothing, sent to oneself with the same nonce for more. It is one more
 * variant of the row, stored before it is broadcast; whichever is included decides, and `sendOnce` says it. Returns false when there
 * is nothing to take back.
 */
export async function cancelTransaction(deps: SenderDeps, key: string): Promise<boolean> {
  const row = await findRow(deps.db, key);
  if (!row || (row.status !== 'signed' && row.status !== 'sent')) return false;
  const stuck = parseTransaction(newestVariant(row.raw));
  const to = row.sender as Address;
  const fees = await raisedFees(deps.chain, stuck);
  const raw = await signTransaction(deps, { to, data: '0x', gas: 21_000n, nonce: row.nonce, ...fees });
  await addVariant(deps, row.id, raw);
  await deps.chain.sendRawTransaction({ serializedTransaction: raw });
  return true;
}
