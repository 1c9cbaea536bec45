'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/** Asks the server again every second and a half until the receipt is there. */
export function RefreshWhileAttributing() {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), 1_500);
    return () => clearInterval(timer);
  }, [router]);
  return null;
}
