'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';

export type RequestAudit = Action<{ adapterId: string }, unknown>;

/** The owner's way to have the model measured before its turn; once a day. */
export function RequestAuditButton({ adapterId, request }: { adapterId: string; request: RequestAudit }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const ask = async () => {
    setBusy(true);
    setError(null);
    const result = await runAction(request, { adapterId });
    if (result.ok) router.refresh();
    else setError(result.error);
    setBusy(false);
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="sm" busy={busy} onClick={ask}>
        Request audit
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
