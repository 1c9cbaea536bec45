'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { OpenedPanel } from '#components/ui/opened-panel.tsx';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

/** Takes one's own row out, after a second click that says what it means. */
export function WithdrawButton({
  exampleId,
  withdraw,
}: {
  exampleId: string;
  withdraw: Action<{ exampleId: string }, unknown>;
}) {
  const router = useRouter();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const confirm = async () => {
    setBusy(true);
    const result = await runAction(withdraw, { exampleId });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return (
    <div>
      {!asked && (
        <Button size="sm" onClick={() => setAsked(true)}>
          Withdraw this row
        </Button>
      )}
      {asked && (
        <OpenedPanel className="flex flex-col items-start gap-3 border-l-2 border-bad py-1 pl-4">
          <p className="prose-measure text-sm">
            The row leaves the lists now and every later version, and it cannot be added again. Its text is destroyed
            within a minute, also in versions that hold it, and you get a signed receipt. Models that learnt from it
            stay as they are until they are trained again; the receipt names them.
          </p>
          <div className="flex gap-2">
            <Button variant="danger" size="sm" busy={busy} onClick={confirm}>
              Withdraw for good
            </Button>
            <Button variant="quiet" size="sm" onClick={() => setAsked(false)}>
              Keep it
            </Button>
          </div>
          <ActionProblem error={error} />
        </OpenedPanel>
      )}
    </div>
  );
}
