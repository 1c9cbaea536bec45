'use client';

import { useEffect, useState } from 'react';

export type Quote =
  | { state: 'none' }
  | { state: 'counting' }
  | { state: 'ready'; promptTokens: number; maxTokens: number; contextTokens: number; ceilingWei: bigint }
  | { state: 'refused'; message: string };

/** The price of what is typed, asked for 350 ms after the last key. */
export function useQuote(input: { model: string; prompt: string; system: string; maxTokens: number }): Quote {
  const [quote, setQuote] = useState<Quote>({ state: 'none' });
  const { model, prompt, system, maxTokens } = input;
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
        body: JSON.stringify({ model, messages, max_tokens: maxTokens }),
      }).catch(() => null);
      if (gone.signal.aborted) return;
      const body = await response?.json().catch(() => null);
      if (response?.ok) setQuote({ state: 'ready', ...body, ceilingWei: BigInt(body.ceilingWei) });
      else
        setQuote({ state: 'refused', message: body?.error?.message ?? 'The price could not be computed right now.' });
    }, 350);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [model, prompt, system, maxTokens]);
  return quote;
}
