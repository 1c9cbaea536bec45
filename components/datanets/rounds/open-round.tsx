'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';

export type OpenRoundAction = Action<{ datanetId: string; exampleIds: string[] }, { validators: string[] }>;

/** Gives the waiting rows of this page to validators: two of three drawn decide. */
export function OpenRound({
  datanetId,
  exampleIds,
  open,
}: {
  datanetId: string;
  exampleIds: readonly string[];
  open: OpenRoundAction;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const send = async () => {
    setBusy(true);
    const result = await runAction(open, { datanetId, exampleIds: [...exampleIds] });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success(
      `${result.data.validators.length} validators were drawn. They have a day to commit and a day to reveal.`,
    );
    router.refresh();
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button size="sm" busy={busy} disabled={exampleIds.length === 0} onClick={send}>
        Give {exampleIds.length} {exampleIds.length === 1 ? 'row' : 'rows'} to validators
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
