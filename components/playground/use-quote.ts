'use client';

import { useEffect, useState } from 'react';

export type Quote =
  | { state: 'none' }
  | { state: 'counting' }
  | {
      state: 'ready';
      promptTokens: number;
      maxTokens: number;
      contextTokens: number;
      ceilingWei: bigint;
      /** Rows of the Datanet that the prompt would hold; null: none were asked for. */
      rowsRead: number | null;
    }
  | { state: 'refused'; message: string; code: string };

/** The price of what is typed, asked for 350 ms after the last key. */
export function useQuote(input: {
  model: string;
  prompt: string;
  system: string;
  maxTokens: number;
  rows: number;
}): Quote {
  const [quote, setQuote] = useState<Quote>({ state: 'none' });
  const { model, prompt, system, maxTokens, rows } = input;
  useEffect(() => {
    if (!model || !prompt.trim()) {
      setQuote({ state: 'none' });
      return;
    }
    const gone = new AbortController();
    setQuote({ state: 'counting' });
    const timer = setTimeout(async () => {
      const messages = [
        ...(system.trim() ? [{ role: 'system', content: system }] : []),
        { role: 'user', content: prompt },
      ];
      const response = await fetch('/api/v1/quote', {
        method: 'POST',
        signal: gone.signal,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages, max_tokens: maxTokens, ...(rows > 0 ? { retrieval: { rows } } : {}) }),
      }).catch(() => null);
      if (gone.signal.aborted) return;
      const body = await response?.json().catch(() => null);
      if (response?.ok) setQuote({ state: 'ready', ...body, ceilingWei: BigInt(body.ceilingWei) });
      else
        setQuote({
          state: 'refused',
          message: body?.error?.message ?? 'The price could not be computed right now.',
          code: body?.error?.code ?? 'unknown',
        });
    }, 350);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [model, prompt, system, maxTokens, rows]);
  return quote;
}
