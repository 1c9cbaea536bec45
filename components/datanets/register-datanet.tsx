'use client';

import { RefreshWhile } from '#components/datanets/refresh-while.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { RegisterDatanetArgs } from '#lib/datanets/types.ts';

/** Registration on chain, the owner's first transaction; for the owner alone, because it brings wallet code. */
export function RegisterDatanet({ datanetId, args }: { datanetId: string; args: RegisterDatanetArgs }) {
  const { config } = useWalletContext();
  return (
    <section aria-label="Registration on chain" className="border-l-2 border-warn py-1 pl-4">
      <p className="title-small mb-1">Not on chain yet</p>
      <TransactionButton
        label="Register on chain"
        storageKey={`register:${datanetId}`}
        what="Rows can be contributed and reviewed now. To freeze versions, register the Datanet: one transaction that records you as its owner with a hash of its terms. It costs the network fee only."
        done="Registered; the page shows its number as soon as the block is read."
        call={() =>
          contractCall({
            address: config.addresses.datanetRegistry,
            abi: datanetRegistryAbi,
            functionName: 'create',
            args,
          })
        }
      />
      <RefreshWhile everyMs={3_000} />
    </section>
  );
}
