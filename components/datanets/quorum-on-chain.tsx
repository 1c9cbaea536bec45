'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { RegistryPolicy } from '#lib/datanets/types.ts';

/**
 * How many curators must stand behind a version, for the owner to change: at most as many as the chain knows, because with more nothing
 * could come on chain any more. The registry refuses it too.
 */
export function QuorumOnChain({
  registryId,
  policy,
  curators,
  advised,
}: {
  registryId: string;
  policy: RegistryPolicy;
  /** Curators on chain, the owner among them. */
  curators: number;
  /** What we advise for the subject. */
  advised: number;
}) {
  const { config } = useWalletContext();
  const [text, setText] = useState(String(policy.curatorQuorum));
  const quorum = /^[1-9]\d?$/.test(text) ? Number(text) : null;
  const fault = faultOf(quorum, curators);
  return (
    <details className="border-b border-hairline pb-2 text-sm" open={policy.curatorQuorum < advised}>
      <summary className="min-h-6 py-1 font-medium">
        Curators who must approve a version: {policy.curatorQuorum}
        {policy.curatorQuorum < advised && `, ${advised} are advised`}
      </summary>
      <div className="flex max-w-2xl flex-col gap-4 py-3">
        <Field
          label="Curators who must approve a version"
          hint={`The chain knows ${curators}, you included. With more than one, the others sign and one brings the signatures.`}
          error={fault ?? undefined}
        >
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="numeric"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <TransactionButton
          label="Write the number on chain"
          variant="secondary"
          disabled={fault !== null || quorum === policy.curatorQuorum}
          storageKey={`quorum:${registryId}.${quorum}`}
          what="Holds for versions that are proposed or accepted from then on. It costs the network fee only."
          done="Written; the page shows it as soon as the block is read."
          call={() =>
            contractCall({
              address: config.addresses.datanetRegistry,
              abi: datanetRegistryAbi,
              functionName: 'setPolicy',
              args: [BigInt(registryId), { ...policy, curatorQuorum: quorum! }],
            })
          }
        />
      </div>
    </details>
  );
}

function faultOf(quorum: number | null, curators: number): string | null {
  if (quorum === null) return 'A whole number from 1.';
  if (quorum <= curators) return null;
  return `The chain knows ${curators === 1 ? 'one curator, you' : `${curators} curators`}: ${quorum} could never sign. Write more curators on chain first.`;
}
