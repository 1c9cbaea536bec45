import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ActionResult } from '#lib/kernel/result.ts';
import { clearLaunchKey, launchKey } from './launch-key.ts';
import { type RegisterVoucher, useTrainingPayment } from './use-training-payment.ts';

/**
 * Starts a run by `action` and opens its page. The same input launched again, after a lost answer, is the same run.
 * `busy` stays true until the page changes; `error` is a sentence for the page.
 */
export function useLaunch<Input extends { idempotencyKey: string }>(
  action: (input: Input) => Promise<ActionResult<{ runId: string }>>,
  registerVoucher: RegisterVoucher,
) {
  const router = useRouter();
  const pay = useTrainingPayment(registerVoucher);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const launch = async (input: Omit<Input, 'idempotencyKey'>) => {
    setBusy(true);
    setError(null);
    const result = await pay(() => action({ ...input, idempotencyKey: launchKey(input) } as Input)).catch(() => null);
    if (result?.ok) {
      clearLaunchKey();
      router.push(`/runs/${result.data.runId}`);
      return;
    }
    setBusy(false);
    setError(result?.error.message ?? 'The server did not answer. Press again; a run is never started twice.');
  };
  return { launch, busy, error };
}
