'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { ActionResult } from '#lib/kernel/result.ts';

/** Queues a failed measurement again. */
export function MeasureAgain({
  evaluationId,
  repeat,
}: {
  evaluationId: string;
  repeat: (input: { evaluationId: string }) => Promise<ActionResult<void>>;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ask = async () => {
    setBusy(true);
    const result = await repeat({ evaluationId }).catch(() => null);
    setBusy(false);
    setError(result?.ok ? null : (result?.error.message ?? 'The server did not answer. Try again.'));
    if (result?.ok) router.refresh();
  };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button busy={busy} onClick={() => void ask()}>
        Measure again
      </Button>
      {error && (
        <p role="alert" className="text-sm text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
