'use client';

import { ConnectButton } from '#components/wallet/connect-button.tsx';
import type { ActionError } from './action-types.ts';

/** Why an action failed, with sign-in at hand when that is what is missing. */
export function ActionProblem({ error }: { error: ActionError | null }) {
  if (!error) return null;
  const signIn = error.code === 'sign_in_required' || error.code === 'not_signed_in';
  return (
    <div role="alert" className="flex flex-col items-start gap-2 border-l-2 border-bad py-1 pl-4 text-sm">
      <p className={signIn ? undefined : 'text-bad'}>{error.message}</p>
      {signIn && <ConnectButton label="Connect and sign in" />}
      {error.code === 'internal' && <p className="label-small figures">Request {error.requestId}</p>}
    </div>
  );
}
