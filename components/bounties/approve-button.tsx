'use client';

import { Amount } from '#components/ui/amount.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { formatOpen } from '#lib/kernel/money.ts';

/** The first of two transactions: lets the escrow take this amount, because the real OPEN knows no permit. */
export function ApproveButton({
  storageKey,
  wei,
  first = false,
}: {
  storageKey: string;
  wei: bigint;
  first?: boolean;
}) {
  const { config } = useWalletContext();
  const spender = config.addresses.bounties;
  if (!spender) return null;
  return (
    <TransactionButton
      storageKey={storageKey}
      variant="secondary"
      label={`1. Approve ${formatOpen(wei)} OPEN`}
      what={
        <>
          Two transactions: the first allows the escrow to take <Amount wei={wei} />, and no more;{' '}
          {first ? 'the second opens the bounty' : 'the second gives it'}.
        </>
      }
      done="Approved. Now the second one."
      call={contractCall({
        address: config.addresses.openToken,
        abi: openTokenAbi,
        functionName: 'approve',
        args: [spender, wei],
      })}
    />
  );
}
