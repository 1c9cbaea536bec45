'use client';

import { useState } from 'react';
import type { Address } from 'viem';
import { isAddress } from 'viem/utils';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { canonicalHandle, handleAccount, isHandleAccount } from '#lib/kernel/handle-account.ts';
import { parseApproval, type RotationApproval } from '#lib/kernel/rotation.ts';
import { signRotation } from './sign-rotation.ts';

/**
 * Getting what a name without a wallet, or a lost wallet, earned: by the approval that the rotation authority gave after it
 * had checked who you are, or by the signature of the recovery that the lost wallet had named.
 */
export function RotationForm() {
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const [text, setText] = useState('');
  const [pasted, setPasted] = useState('');
  const account = accountOf(text);
  const approval = parseApproval(pasted);
  const misfit = approval && reasonAgainst(approval, account, address);
  const to = { address: config.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const announce = (given: RotationApproval) =>
    contractCall({
      ...to,
      functionName: 'announceRotation',
      args: [given.account, given.to, BigInt(given.deadline), given.signature],
    });
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <Field
        label="Name or lost account"
        hint="A name as it stands in the Datanet, like github:alice, or 0x and 40 digits."
        error={text === '' || account ? undefined : 'This is neither a name with its place nor an account.'}
      >
        {(control) => <Input {...control} mono value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <Field
        label="Approval of the rotation authority"
        required={false}
        hint="The operators give it after they have checked that the name is yours."
        error={pasted !== '' && !approval ? 'This is not a whole approval. Paste all of it.' : (misfit ?? undefined)}
      >
        {(control) => (
          <Textarea {...control} rows={4} value={pasted} onChange={(event) => setPasted(event.target.value)} />
        )}
      </Field>
      <TransactionButton
        storageKey={`rotation:${account ?? ''}`}
        label="Announce it with the approval"
        disabled={!account || !approval || Boolean(misfit)}
        what="Announces on chain that these earnings go to your wallet. It waits so that the real owner can refuse; then anybody can put it in force, and your claim button pays it with the rest."
        done="Announced. Its clock runs; open the account below to see it."
        call={() => announce(approval!)}
      />
      <TransactionButton
        storageKey={`recovery-rotation:${account ?? ''}`}
        variant="secondary"
        label="I am its recovery: sign and announce"
        disabled={!account || isHandleAccount(account) || account.toLowerCase() === address}
        what="For a wallet that named this one as its recovery: one signature, then one transaction, and its earnings go to this wallet after the delay."
        done="Announced. Its clock runs; open the account below to see it."
        call={async (say) => {
          say('Sign the rotation in your wallet; it costs nothing.');
          return announce(await signRotation(config, account!, address!));
        }}
      />
      {account && (
        <a className="link text-sm" href={`/rewards?account=${account}`}>
          See what this account earned and what waits
        </a>
      )}
    </div>
  );
}

function accountOf(text: string): Address | null {
  const trimmed = text.trim();
  if (isAddress(trimmed, { strict: false })) return trimmed;
  const handle = canonicalHandle(trimmed);
  return handle === null ? null : handleAccount(handle);
}

/** Why an approval does not fit what was typed, before the chain would say so. */
function reasonAgainst(approval: RotationApproval, account: Address | null, me: string | null): string | null {
  if (account && approval.account.toLowerCase() !== account.toLowerCase())
    return 'The approval is for another account.';
  if (me && approval.to.toLowerCase() !== me) return 'The approval is for another wallet than the one signed in.';
  return null;
}
