'use client';

import { useEffect, useState } from 'react';

/**
 * A clock that starts at `startMs`, the chain's time when the page was made, and runs second by second: what is due does not
 * depend on how the reader's clock is set.
 */
export function useRunningClock(startMs: number): number {
  const [nowMs, setNowMs] = useState(startMs);
  useEffect(() => {
    const began = performance.now();
    const timer = setInterval(() => setNowMs(startMs + (performance.now() - began)), 1_000);
    return () => clearInterval(timer);
  }, [startMs]);
  return nowMs;
}
