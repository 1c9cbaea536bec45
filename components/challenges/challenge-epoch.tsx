'use client';

import { Amount } from '#components/ui/amount.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';

/** Freezing a reward period on chain while its window is open, by anybody, against the ledger's bond. */
export function ChallengeEpoch({ epochId, bondWei }: { epochId: number; bondWei: bigint }) {
  const { config } = useWalletContext();
  const { openToken, attributionLedger } = config.addresses;
  return (
    <ol className="flex flex-col gap-4">
      <li>
        <TransactionButton
          storageKey={`challenge-approve-${epochId}`}
          variant="secondary"
          label="1. Approve the bond"
          what={
            <>
              Allows the ledger to take a bond of <Amount wei={bondWei} /> from you, and no more. It doubles with each
              challenge that you lost not long ago.
            </>
          }
          done="Approved."
          call={contractCall({
            address: openToken,
            abi: openTokenAbi,
            functionName: 'approve',
            args: [attributionLedger, bondWei],
          })}
        />
      </li>
      <li>
        <TransactionButton
          storageKey={`challenge-${epochId}`}
          label="2. Challenge this period"
          what="Freezes this period and all later ones until the court decides. If you are right you get the bond back and half of the publisher’s; if not, your bond goes to the publisher."
          done="The period is frozen until the court decides."
          call={() =>
            contractCall({
              address: attributionLedger,
              abi: attributionLedgerAbi,
              functionName: 'challenge',
              args: [epochId, window.location.href],
            })
          }
        />
      </li>
    </ol>
  );
}
