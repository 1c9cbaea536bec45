'use client';

import { useEffect } from 'react';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import type { ActionError } from './action-types.ts';

const isSignIn = (error: ActionError) => error.code === 'sign_in_required' || error.code === 'not_signed_in';

/** Why an action failed, with sign-in at hand when that is what is missing. */
export function ActionProblem({
  error,
  offerSignIn = true,
}: {
  error: ActionError | null;
  /** False where a sign-in button stands beside it anyway. */
  offerSignIn?: boolean;
}) {
  const { address } = useAccountSession();
  const { onSession } = useWalletContext();
  const signIn = error !== null && isSignIn(error);
  useEffect(() => {
    // The server says that the session is over; the page did not know.
    if (error && isSignIn(error)) onSession(null);
  }, [error, onSession]);
  if (!error || (signIn && address)) return null; // signed in meanwhile: the button above works now
  return (
    <div role="alert" className="flex flex-col items-start gap-2 border-l-2 border-bad py-1 pl-4 text-sm">
      <p className={signIn ? undefined : 'text-bad'}>{error.message}</p>
      {signIn && offerSignIn && <ConnectButton label="Connect and sign in" />}
      {error.code === 'internal' && <p className="label-small figures">Request {error.requestId}</p>}
    </div>
  );
}
