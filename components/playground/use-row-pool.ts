'use client';

import { useEffect, useState } from 'react';
import type { RowGroup } from '#lib/kernel/answer-payout.ts';

/** The people of all original rows, asked for where an answer pays them; null until they are here, or where they are too many. */
export function useRowPool(receiptId: string | null): RowGroup[] | null {
  const [state, setState] = useState<{ id: string; groups: RowGroup[] | null } | null>(null);
  useEffect(() => {
    if (!receiptId) return;
    const gone = new AbortController();
    fetch(`/api/v1/receipts/${receiptId}/pool`, { signal: gone.signal })
      .then(async (response) => {
        if (response.ok) setState({ id: receiptId, groups: (await response.json()).groups });
      })
      .catch(() => {}); // without them, all rows have one line
    return () => gone.abort();
  }, [receiptId]);
  return state && state.id === receiptId ? state.groups : null;
}
