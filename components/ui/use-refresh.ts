'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef } from 'react';

const againMs = 2_000;

/**
 * Asks the server for the page again, as soon as it can be reached. Next's own refresh answers a request that fails by leaving
 * the page: without a connection, or while the server starts again, that ends on the browser's error page and loses what was typed.
 */
export function useRefresh(): () => void {
  const router = useRouter();
  const waits = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const refresh = useCallback(async () => {
    clearTimeout(waits.current);
    const isReachable = await fetch('/icon.svg', { method: 'HEAD', cache: 'no-store' }).catch(() => null);
    clearTimeout(waits.current); // another call may have begun to wait meanwhile
    if (isReachable) router.refresh();
    else waits.current = setTimeout(refresh, againMs);
  }, [router]);
  useEffect(() => () => clearTimeout(waits.current), []);
  return refresh;
}
