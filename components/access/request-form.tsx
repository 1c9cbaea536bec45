'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { MemberKeySetup } from '#components/sealed-rows/member-key-setup.tsx';
import { type MemberKeyActions, useMemberKey } from '#components/sealed-rows/use-member-key.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import type { RequestAccessInput } from '#lib/access/schema.ts';
import { signRequest } from './sign-access.ts';

type Props = {
  datanetId: string;
  isEncrypted: boolean;
  request: Action<RequestAccessInput, unknown>;
  keys: MemberKeyActions;
};

/** Asking the owner to read: a purpose, one signature. For an encrypted Datanet one's key pair comes first. */
export function RequestForm(props: Props) {
  const { address } = useAccountSession();
  if (!address) {
    return (
      <div className="flex flex-col items-start gap-3">
        <p className="prose-measure text-sm text-muted">Asking takes an account, so that the owner knows who asks.</p>
        <ConnectButton label="Connect and sign in" />
      </div>
    );
  }
  return props.isEncrypted ? (
    <WithKey {...props} account={address} />
  ) : (
    <Form {...props} account={address} publicKey="0x" />
  );
}

function WithKey(props: Props & { account: `0x${string}` }) {
  const state = useMemberKey(props.account, props.keys);
  if (state.status !== 'ready') return <MemberKeySetup state={state} />;
  return <Form {...props} publicKey={state.key.publicKey} />;
}

function Form({
  datanetId,
  account,
  publicKey,
  request,
}: Props & { account: `0x${string}`; publicKey: `0x${string}` }) {
  const router = useRouter();
  const { config } = useWalletContext();
  const [purpose, setPurpose] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const words = purpose.trim().replace(/\s+/g, ' ');
    const signedAt = Math.floor(Date.now() / 1000);
    const message = { datanet: datanetId, account, purpose: words, publicKey, signedAt: BigInt(signedAt) };
    const signature = await signRequest(config, message).catch(() => null);
    if (!signature) {
      setBusy(false);
      setError({ code: 'not_signed', message: 'Nothing was signed, so nothing was sent.', requestId: '' });
      return;
    }
    const result = await runAction(request, { datanetId, purpose: words, publicKey, signedAt, signature });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return (
    <form onSubmit={send} className="flex max-w-2xl flex-col gap-3">
      <Field
        label="What you want the rows for"
        hint="The owner reads this and decides. Your wallet signs it; nothing is sent on chain."
        error={error?.fieldErrors?.purpose}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            minLength={10}
            maxLength={500}
            required
            value={purpose}
            onChange={(event) => setPurpose(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={busy} disabled={purpose.trim().length < 10}>
          Sign and ask
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
