'use client';

import { useEffect, useState } from 'react';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { EstimateRunInput } from '#lib/model-factory/schema.ts';
import type { RunQuote } from '#lib/model-factory/types.ts';

export type EstimateAction = (input: EstimateRunInput) => Promise<ActionResult<RunQuote>>;
export type EstimateState =
  | { state: 'counting' }
  | { state: 'ready'; estimate: RunQuote }
  | { state: 'refused'; message: string };

/** The server's estimate for a choice; a late answer for an older choice is dropped. */
export function useEstimate(ask: EstimateAction, input: EstimateRunInput): EstimateState {
  const [state, setState] = useState<EstimateState>({ state: 'counting' });
  const key = JSON.stringify(input);
  useEffect(() => {
    let isCurrent = true;
    setState({ state: 'counting' });
    ask(JSON.parse(key) as EstimateRunInput)
      .then((result) => {
        if (!isCurrent) return;
        setState(
          result.ok ? { state: 'ready', estimate: result.data } : { state: 'refused', message: result.error.message },
        );
      })
      .catch(() => {
        if (isCurrent) setState({ state: 'refused', message: 'The server did not answer. Check the connection.' });
      });
    return () => {
      isCurrent = false;
    };
  }, [ask, key]);
  return state;
}
