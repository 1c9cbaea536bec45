'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Counterfactual } from '#lib/counterfactuals/types.ts';
import type { SwitchedOff } from '#lib/kernel/answer-payout.ts';

export type WithoutState =
  | { state: 'idle' }
  | { state: 'computing'; since: number }
  | { state: 'known'; found: Counterfactual }
  | { state: 'refused'; message: string };

const pauseMs = 1_000;

/** Asks for the answer without what is switched off, and follows it until it is there. Another choice of sources starts anew. */
export function useWithout(receiptId: string, off: SwitchedOff): { without: WithoutState; ask: () => void } {
  const [without, setWithout] = useState<WithoutState>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice of sources makes what is known stale
  useEffect(() => {
    setWithout({ state: 'idle' });
    return () => running.current?.abort();
  }, [receiptId, off]);
  const ask = useCallback(() => {
    const gone = new AbortController();
    running.current?.abort();
    running.current = gone;
    setWithout({ state: 'computing', since: Date.now() });
    follow(receiptId, off, gone.signal)
      .then((next) => gone.signal.aborted || setWithout(next))
      .catch(
        () =>
          gone.signal.aborted ||
          setWithout({ state: 'refused', message: 'The server could not be reached. Ask again.' }),
      );
  }, [receiptId, off]);
  return { without, ask };
}

async function follow(receiptId: string, off: SwitchedOff, signal: AbortSignal): Promise<WithoutState> {
  const place = `/api/v1/receipts/${receiptId}/without`;
  const without = { rows: [...off.rows], contributors: [...off.contributors], all: off.all };
  let response = await fetch(place, {
    ...{ method: 'POST', signal, body: JSON.stringify({ without }) },
    headers: { 'content-type': 'application/json' },
  });
  for (;;) {
    const body = await response.json();
    if (!response.ok) return { state: 'refused', message: body?.error?.message ?? 'It could not be computed.' };
    const found = body as Counterfactual;
    if (found.status === 'done' || found.status === 'failed') return { state: 'known', found };
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    response = await fetch(`${place}/${found.id}`, { signal });
  }
}
