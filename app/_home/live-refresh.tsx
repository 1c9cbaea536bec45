'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Renews the page's server data every `seconds` while somebody looks at it. */
export function LiveRefresh({ seconds = 15 }: { seconds?: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [router, seconds]);
  return null;
}
