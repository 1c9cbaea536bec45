'use client';

import { type ReactNode, useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { formatOpen, parseOpen } from '#lib/kernel/money.ts';
import type { ChannelView } from '#lib/serving/types.ts';
import { TransactionButton } from '../transaction/transaction-button.tsx';
import { contractCall } from '../transaction/types.ts';
import { useAccountSession } from '../use-account-session.ts';
import { useSessionKey } from '../use-session-key.ts';
import { useWalletContext } from '../wallet-boundary.tsx';
import { makeDepositCall, makePermitDepositCall } from './make-deposit-call.ts';

/** Puts OPEN into the account's payment channel, opening it on the first deposit. */
export function DepositDialog({
  channel,
  balanceWei,
  suggested = '10',
  trigger,
}: {
  channel: ChannelView | null;
  /** OPEN in the wallet, as the server read it. */
  balanceWei: bigint;
  /** In OPEN, what the field begins with. */
  suggested?: string;
  trigger: ReactNode;
}) {
  const [text, setText] = useState(suggested.slice(0, 40));
  const [byApproval, setByApproval] = useState(false);
  const amount = readAmount(text, balanceWei);
  return (
    <Dialog
      trigger={trigger}
      title="Deposit OPEN"
      description="A deposit pays for many answers without a prompt for each. What is not used stays yours and can be withdrawn."
    >
      <div className="flex flex-col gap-4">
        <Field
          label="Amount in OPEN"
          hint={
            <>
              In your wallet: <Amount wei={balanceWei} />
            </>
          }
          error={amount.error}
        >
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                mono
                inputMode="decimal"
                autoComplete="off"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <Button onClick={() => setText(formatOpen(balanceWei).replaceAll(',', ''))}>All</Button>
            </div>
          )}
        </Field>
        {amount.wei !== null &&
          (byApproval ? (
            <ByApproval channel={channel} amountWei={amount.wei} />
          ) : (
            <ByPermit channel={channel} amountWei={amount.wei} />
          ))}
        <Button variant="quiet" size="sm" className="self-start px-0" onClick={() => setByApproval(!byApproval)}>
          {byApproval
            ? 'Use one signature and one transaction'
            : 'Contract wallet? Approve and deposit in two transactions'}
        </Button>
      </div>
    </Dialog>
  );
}

type StepProps = { channel: ChannelView | null; amountWei: bigint };

function ByPermit({ channel, amountWei }: StepProps) {
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const { create } = useSessionKey(address);
  return (
    <TransactionButton
      storageKey="deposit"
      label={`Deposit ${formatOpen(amountWei)} OPEN`}
      what={
        <>
          Your wallet signs a permission for exactly <Amount wei={amountWei} />, then sends one transaction that moves
          it into your payment channel.
        </>
      }
      done="The deposit is on chain and can be spent."
      call={async (say) => {
        const key = await create();
        say('Sign the permission in your wallet; it costs nothing.');
        return makePermitDepositCall({ config, channel, signer: key.address, amountWei, account: address! });
      }}
    />
  );
}

function ByApproval({ channel, amountWei }: StepProps) {
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const { create } = useSessionKey(address);
  const { openToken, inferenceChannels } = config.addresses;
  return (
    <ol className="flex flex-col gap-4">
      <li>
        <TransactionButton
          storageKey="deposit-approve"
          variant="secondary"
          label={`1. Approve ${formatOpen(amountWei)} OPEN`}
          what={
            <>
              Allows the channel contract to take <Amount wei={amountWei} />, and no more.
            </>
          }
          done="Approved."
          call={contractCall({
            address: openToken,
            abi: openTokenAbi,
            functionName: 'approve',
            args: [inferenceChannels, amountWei],
          })}
        />
      </li>
      <li>
        <TransactionButton
          storageKey="deposit"
          label={`2. Deposit ${formatOpen(amountWei)} OPEN`}
          what="Moves the approved amount into your payment channel."
          done="The deposit is on chain and can be spent."
          call={async () => {
            const key = await create();
            return makeDepositCall({ config, channel, signer: key.address, amountWei });
          }}
        />
      </li>
    </ol>
  );
}

function readAmount(text: string, balanceWei: bigint): { wei: bigint | null; error?: string } {
  try {
    const wei = parseOpen(text);
    if (wei === 0n) return { wei: null, error: 'Type an amount above 0.' };
    if (wei > balanceWei) {
      return {
        wei: null,
        error: `Your wallet has ${formatOpen(balanceWei)} OPEN; ${formatOpen(wei - balanceWei)} are missing.`,
      };
    }
    return { wei };
  } catch (error) {
    return { wei: null, error: (error as Error).message };
  }
}
