'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { RegisterDatanetArgs } from '#lib/datanets/types.ts';
import { formatOpen, parseOpen } from '#lib/kernel/money.ts';

/** Registration on chain, the owner's first transaction; for the owner alone, because it brings wallet code. `args` hold what the template offers. */
export function RegisterDatanet({ datanetId, args }: { datanetId: string; args: RegisterDatanetArgs }) {
  const { config } = useWalletContext();
  const [policy, access, metaHash] = args;
  const [bond, setBond] = useState(formatOpen(policy.joinStake));
  const joinStake = readBond(bond);
  return (
    <section aria-label="Registration on chain" className="flex flex-col gap-4 border-l-2 border-warn py-1 pl-4">
      <p className="title-small">Not on chain yet</p>
      <div className="max-w-2xl">
        <Field
          label="Stake of who proposes a version, in OPEN"
          hint="It answers for copies: a proven one is slashed. 0 asks for none."
          error={joinStake === null ? 'An amount from 0 to 10,000.' : undefined}
        >
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="decimal"
              value={bond}
              onChange={(event) => setBond(event.target.value)}
            />
          )}
        </Field>
      </div>
      <TransactionButton
        label="Register on chain"
        disabled={joinStake === null}
        storageKey={`register:${datanetId}`}
        what={`Rows can be contributed and reviewed now. To freeze versions, register the Datanet: one transaction that records you as its owner, these terms, that ${access === 0 ? 'everybody may propose' : 'only those with a role may propose, because it is private'}, and a hash of its rules. It costs the network fee only. Once other curators stand on chain you can ask for more than one to approve a version.`}
        done="Registered; the page shows its number as soon as the block is read."
        call={() =>
          contractCall({
            address: config.addresses.datanetRegistry,
            abi: datanetRegistryAbi,
            functionName: 'create',
            args: [{ ...policy, joinStake: joinStake! }, access, metaHash],
          })
        }
      />
      <RefreshWhile everyMs={3_000} />
    </section>
  );
}

const mostBondWei = 10_000n * 10n ** 18n;

function readBond(text: string): bigint | null {
  try {
    const wei = parseOpen(text.replaceAll(',', ''));
    return wei <= mostBondWei ? wei : null;
  } catch {
    return null;
  }
}
