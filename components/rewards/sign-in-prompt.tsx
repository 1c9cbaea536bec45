'use client';

import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { useAccountSession } from '#components/wallet/use-account-session.ts';

/** The page is public, but "yours" needs to know who you are. */
export function SignInPrompt() {
  const { signIn } = useAccountSession();
  return (
    <EmptyState
      title="Whose rewards?"
      action={
        <Button variant="primary" onClick={signIn}>
          Connect wallet
        </Button>
      }
    >
      Connect a wallet to see and claim yours. Periods and receipts below are open to everybody.
    </EmptyState>
  );
}
