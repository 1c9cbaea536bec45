'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from '#components/ui/toast.ts';
import type { ReviewDecision, ReviewOutcome } from '#lib/contributions/types.ts';
import { type Action, type ActionError, runAction } from '../action-types.ts';

export type ReviewAction = Action<
  { datanetId: string; exampleIds: string[]; decision: ReviewDecision; reason?: string },
  ReviewOutcome
>;

export type ReviewState = {
  /** Rows that this browser saw decided; they leave the list before the server's answer to the refresh is here. */
  gone: ReadonlySet<string>;
  busy: boolean;
  error: ActionError | null;
  decide: (exampleIds: string[], decision: ReviewDecision, reason?: string) => Promise<boolean>;
};

/** Sends decisions and says what came of them. */
export function useReview(datanetId: string, review: ReviewAction): ReviewState {
  const router = useRouter();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const decide: ReviewState['decide'] = async (exampleIds, decision, reason) => {
    setBusy(true);
    const result = await runAction(review, { datanetId, exampleIds, decision, ...(reason && { reason }) });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return false;
    const { decided, skipped } = result.data;
    setGone((old) => new Set([...old, ...decided]));
    if (decided.length > 0) {
      const rows = decided.length === 1 ? '1 row' : `${decided.length} rows`;
      toast.success(decision === 'accept' ? `${rows} accepted` : `${rows} rejected`);
    }
    if (skipped[0]) toast.warning(`${skipped.length} left as they are: ${skipped[0].reason}`);
    router.refresh();
    return true;
  };
  return { gone, busy, error, decide };
}
