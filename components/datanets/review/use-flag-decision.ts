'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from '#components/ui/toast.ts';
import type { HarmDecision } from '#lib/harm/types.ts';
import { type Action, type ActionError, runAction } from '../action-types.ts';

export type DecideFlagAction = Action<
  { flagId: string; decision: HarmDecision; exampleIds: string[]; reason: string },
  { withdrawn: string[] }
>;

/** Sends a decision and says what came of it. */
export function useFlagDecision(flagId: string, decide: DecideFlagAction) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const send = async (decision: HarmDecision, exampleIds: string[], reason: string) => {
    setBusy(true);
    const result = await runAction(decide, { flagId, decision, exampleIds, reason });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    const { length } = result.data.withdrawn;
    toast.success(decision === 'withdraw' ? `${length === 1 ? '1 row' : `${length} rows`} taken out` : 'Decided');
    router.refresh();
  };
  return { busy, error, send };
}
