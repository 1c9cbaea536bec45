'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Asks the server again every `everyMs` while it stands on the page and somebody looks at the page. */
export function RefreshWhile({ everyMs = 3_000 }: { everyMs?: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [router, everyMs]);
  return null;
}
