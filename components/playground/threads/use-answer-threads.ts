'use client';

import { useEffect, useState } from 'react';
import type { AnswerThreads } from '#lib/attribution/types.ts';

/** Where the answer stands word for word in rows; null until it is known, or where this reader did not ask for the answer. */
export function useAnswerThreads(receiptId: string | null): AnswerThreads | null {
  const [state, setState] = useState<{ id: string; threads: AnswerThreads } | null>(null);
  useEffect(() => {
    if (!receiptId) return;
    const gone = new AbortController();
    fetch(`/api/v1/receipts/${receiptId}/threads`, { signal: gone.signal })
      .then(async (response) => {
        if (response.ok) setState({ id: receiptId, threads: (await response.json()) as AnswerThreads });
      })
      .catch(() => {}); // the answer and its influence stand without them
    return () => gone.abort();
  }, [receiptId]);
  return state && state.id === receiptId ? state.threads : null;
}
