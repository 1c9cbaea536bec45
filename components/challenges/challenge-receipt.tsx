'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';

/** Has the gateway compute a receipt again, independently of what is stored about it. What it says before is what happens. */
export function ChallengeReceipt({
  receiptId,
  challenge,
}: {
  receiptId: string;
  challenge: Action<{ id: string }, unknown>;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const run = async () => {
    setBusy(true);
    const result = await runAction(challenge, { id: receiptId });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success('The receipt is being computed again');
    router.refresh();
  };
  return (
    <div className="flex flex-col items-start gap-3 print:hidden">
      <Button busy={busy} onClick={run}>
        Challenge this receipt
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
