'use client';

import { useEffect } from 'react';
import { useRefresh } from './use-refresh.ts';

/** Asks the server again every `everyMs` while it stands on the page and somebody looks at the page. */
export function RefreshWhile({ everyMs = 3_000 }: { everyMs?: number }) {
  const refresh = useRefresh();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [refresh, everyMs]);
  return null;
}
