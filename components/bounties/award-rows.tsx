'use client';

import { useState } from 'react';
import { type Action, runAction } from '#components/datanets/action-types.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import type { AwardableRow, AwardRowsArgs } from '#lib/bounties/types.ts';

type Prepare = Action<{ bountyId: string; exampleIds: string[] }, AwardRowsArgs>;

/** Rows to choose from, and the transaction that awards them with their proofs. */
export function AwardRows({
  bountyId,
  rows,
  unitWei,
  leftWei,
  prepare,
}: {
  bountyId: string;
  rows: readonly AwardableRow[];
  unitWei: bigint;
  leftWei: bigint;
  prepare: Prepare;
}) {
  const { config } = useWalletContext();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const address = config.addresses.bounties;
  if (!address) return null;
  const sumWei = unitWei * BigInt(chosen.length);
  const toggle = (id: string) =>
    setChosen((now) => (now.includes(id) ? now.filter((one) => one !== id) : [...now, id]));
  return (
    <div className="flex flex-col gap-4">
      <ul className="flex flex-col divide-y divide-hairline border-y border-hairline">
        {rows.map(({ exampleId, contributor, data }) => (
          <li key={exampleId} className="py-3">
            <Checkbox
              checked={chosen.includes(exampleId)}
              onChange={() => toggle(exampleId)}
              label={Object.values(data).join(' · ').slice(0, 300) || 'A row whose text you may not read'}
              hint={<Address address={contributor} copy={false} />}
            />
          </li>
        ))}
      </ul>
      <p aria-live="polite" className="text-sm">
        {chosen.length} chosen: <Amount wei={sumWei} /> of <Amount wei={leftWei} /> that are left.
      </p>
      {chosen.length > 0 && (
        <TransactionButton
          storageKey={`bounty-award:${bountyId}`}
          label={`Award ${chosen.length} row${chosen.length === 1 ? '' : 's'}`}
          disabled={sumWei > leftWei || chosen.length > 100}
          what="One transaction proves each row under the newest version on chain and names its author as payee. Sponsors may object in the window; after it anyone can pay. Your account must be owner or curator on chain."
          done="Awarded; the window for objections runs."
          call={async (say) => {
            say('Building the proofs');
            const result = await runAction(prepare, { bountyId, exampleIds: [...chosen] });
            if (!result.ok) throw new Error(result.error.message);
            return contractCall({ address, abi: bountiesAbi, functionName: 'awardRows', args: result.data });
          }}
        />
      )}
    </div>
  );
}
