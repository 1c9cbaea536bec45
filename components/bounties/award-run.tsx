'use client';

import { useState } from 'react';
import { type Action, runAction } from '#components/datanets/action-types.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import type { AwardRunArgs } from '#lib/bounties/types.ts';

/** The judge names the model that reached the goal. */
export function AwardRun({
  bountyId,
  prepare,
}: {
  bountyId: string;
  prepare: Action<{ bountyId: string; model: string }, AwardRunArgs>;
}) {
  const { config } = useWalletContext();
  const [model, setModel] = useState('');
  const address = config.addresses.bounties;
  if (!address) return null;
  return (
    <div className="flex flex-col gap-4">
      <Field label="Model" hint="Its name in the address. Its newest version on chain must name an evaluation.">
        {(control) => (
          <Input
            {...control}
            className="max-w-sm"
            value={model}
            onChange={(event) => setModel(event.target.value.trim())}
          />
        )}
      </Field>
      {model !== '' && (
        <TransactionButton
          storageKey={`bounty-award:${bountyId}`}
          label="The goal is reached"
          what="Awards everything to the model’s owner. Sponsors may object in the window; after it anyone can pay."
          done="Awarded; the window for objections runs."
          call={async (say) => {
            say('Reading the model’s newest version');
            const result = await runAction(prepare, { bountyId, model });
            if (!result.ok) throw new Error(result.error.message);
            return contractCall({ address, abi: bountiesAbi, functionName: 'awardRun', args: result.data });
          }}
        />
      )}
    </div>
  );
}
