'use client';

import { Address } from '#components/ui/address.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';

type Hash = `0x${string}`;
const nothing: Hash = `0x${'0'.repeat(64)}`;

/**
 * What differs between this Datanet and its entry on chain, for the owner to write: curators who may put versions on chain and award
 * bounties, and whether everybody may propose. One transaction each.
 */
export function RolesOnChain({
  registryId,
  missing,
  leftOver,
  access,
}: {
  registryId: string;
  /** Appointed here, unknown to the registry. */
  missing: readonly Hash[];
  /** Known to the registry, no longer appointed here. */
  leftOver: readonly Hash[];
  /** What the registry should say, where it says something else. */
  access: number | null;
}) {
  const { config } = useWalletContext();
  const address = config.addresses.datanetRegistry;
  const id = BigInt(registryId);
  const setRole = (account: Hash, roles: bigint) =>
    contractCall({ address, abi: datanetRegistryAbi, functionName: 'setRole', args: [id, account, roles] });
  if (missing.length + leftOver.length === 0 && access === null) return null;
  return (
    <section
      aria-label="What the chain does not know yet"
      className="flex flex-col gap-4 border-l-2 border-warn py-1 pl-4"
    >
      <p className="title-small">The chain says something else</p>
      {missing.map((account) => (
        <div key={account}>
          <Address address={account} />
          <TransactionButton
            label="Write this curator on chain"
            variant="secondary"
            storageKey={`curator:${registryId}.${account}`}
            what="Reviews rows here already; on chain they may then approve versions and award bounties."
            done="Written."
            call={setRole(account, 1n)}
          />
        </div>
      ))}
      {leftOver.map((account) => (
        <div key={account}>
          <Address address={account} />
          <TransactionButton
            label="Take this curator off the chain"
            variant="danger"
            storageKey={`no-curator:${registryId}.${account}`}
            what="No curator here any more, and can still approve versions on chain until you take the role there."
            done="Taken."
            call={setRole(account, 0n)}
          />
        </div>
      ))}
      {access !== null && (
        <TransactionButton
          label="Write the access on chain"
          variant="secondary"
          storageKey={`access:${registryId}.${access}`}
          what={
            access === 0
              ? 'The chain says that only people with a role propose; this Datanet is public.'
              : 'The chain says that everybody may propose; this Datanet is private. Reading is guarded here, not by the chain.'
          }
          done="Written."
          call={contractCall({
            address,
            abi: datanetRegistryAbi,
            functionName: 'setAccess',
            args: [id, access, nothing],
          })}
        />
      )}
    </section>
  );
}
