'use client';

import { Button } from '#components/ui/button.tsx';
import { ThreadDot } from '#components/ui/thread-dot.tsx';
import { useAccountSession } from './use-account-session.ts';
import { useWallet } from './use-wallet.ts';

/** Connect, sign in, or the account; in the header and wherever an act needs an account. */
export function ConnectButton({ label = 'Connect' }: { label?: string }) {
  const { address, signIn } = useAccountSession();
  const { status, openAccount } = useWallet();
  if (address) {
    return (
      <Button onClick={openAccount} className="px-3">
        <ThreadDot address={address} />
        <span className="figures text-xs">
          <span className="sr-only">Account </span>
          <span className="max-[409px]:hidden">{address.slice(0, 6)}</span>…{address.slice(-4)}
        </span>
      </Button>
    );
  }
  return (
    <Button variant="primary" busy={status === 'loading'} onClick={signIn} className="px-3 sm:px-4">
      {status === 'connected' ? 'Sign in' : label}
    </Button>
  );
}
