'use client';

import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { AnchorVersionArgs } from '#lib/datanets/types.ts';

/** The transaction that writes a version's root on chain. */
export function AnchorVersion({
  versionId,
  number,
  rowCount,
  args,
}: {
  versionId: string;
  number: number;
  rowCount: number;
  args: AnchorVersionArgs;
}) {
  const { config } = useWalletContext();
  return (
    <TransactionButton
      label={`Anchor version ${number}`}
      storageKey={`anchor:${versionId}`}
      what={`One transaction writes the hash over all ${rowCount} rows on chain. From then on nobody, you included, can change what the version holds. It costs the network fee only.`}
      done="On chain; the page shows it as soon as the block is read."
      call={() =>
        contractCall({
          address: config.addresses.datanetRegistry,
          abi: datanetRegistryAbi,
          functionName: 'commit',
          args,
        })
      }
    />
  );
}
