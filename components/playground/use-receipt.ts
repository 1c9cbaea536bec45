'use client';

import { useEffect, useState } from 'react';
import type { ReceiptRow, RowCopies, RowMatch } from '#lib/attribution/types.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';

/** `GET /api/v1/receipts/<id>` as it arrives in the browser. */
export type ReceiptJson =
  | { state: 'attributing' }
  | { state: 'not-attributed'; reason: string }
  | {
      state: 'issued';
      receiptId: string;
      body: ReceiptBody;
      rows: Record<string, ReceiptRow>;
      matches: RowMatch[];
      copies: Record<string, RowCopies>;
    };

/** Follows a receipt until it is issued: asks every 700 ms, more rarely after ten seconds. Null until the first reply. */
export function useReceipt(receiptId: string | null): ReceiptJson | null {
  const [state, setState] = useState<{ id: string; receipt: ReceiptJson } | null>(null);
  useEffect(() => {
    if (!receiptId) return;
    const gone = new AbortController();
    const started = performance.now();
    const ask = async () => {
      while (!gone.signal.aborted) {
        const response = await fetch(`/api/v1/receipts/${receiptId}`, { signal: gone.signal }).catch(() => null);
        if (response?.ok) {
          const receipt = (await response.json()) as ReceiptJson;
          setState({ id: receiptId, receipt });
          if (receipt.state !== 'attributing') return;
        }
        await new Promise((resolve) => setTimeout(resolve, performance.now() - started > 10_000 ? 3_000 : 700));
      }
    };
    void ask();
    return () => gone.abort();
  }, [receiptId]);
  return state && state.id === receiptId ? state.receipt : null;
}
