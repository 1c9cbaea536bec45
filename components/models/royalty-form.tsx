'use client';

import { useState } from 'react';
import { percent } from '#components/staking/percent.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { maxRoyaltyBps, readRoyaltyBps } from './read-royalty-bps.ts';

/** What the owner asks of merges from now on: one transaction, with the registry's own bounds. `bps`: announced last. */
export function RoyaltyForm({ registryId, bps }: { registryId: string; bps: number }) {
  const { config } = useWalletContext();
  const [text, setText] = useState(String(bps / 100));
  const asked = readRoyaltyBps(text);
  return (
    <details>
      <summary className="min-h-6 cursor-pointer py-1 text-muted hover:text-ink">Change the royalty</summary>
      <div className="mt-3 flex flex-col gap-4">
        <Field
          label="Royalty, in percent"
          hint="Of the model owner’s part of what a merge earns, times this model’s weight in it. Holds for all versions of this model."
          error={asked === null ? `A percentage from 0 to ${maxRoyaltyBps / 100}, at most two decimals.` : undefined}
        >
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="decimal"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <TransactionButton
          label="Announce the royalty"
          variant="secondary"
          disabled={asked === null || asked === bps}
          storageKey={`royalty:${registryId}.${asked}`}
          what="It holds after a delay that is the same for everybody, so that nobody publishes a merge under terms that could not be seen. It costs the network fee only."
          done={`Announced${asked === null ? '' : `: ${percent(asked)}`}; the page shows it as soon as the block is read.`}
          call={() =>
            contractCall({
              address: config.addresses.modelRegistry,
              abi: modelRegistryAbi,
              functionName: 'setRoyalty',
              args: [BigInt(registryId), asked!],
            })
          }
        />
      </div>
    </details>
  );
}
