'use client';

import { useEffect, useState } from 'react';

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 minutes ago", "in 2 hours", "just now", in English words by Intl. */
function relativeTime(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  for (const [unit, size] of steps) {
    // A key of 90 days ends in 3 months, not in 2; shorter spans are counted when they are over.
    const round = unit === 'month' || unit === 'year' ? Math.round : Math.trunc;
    if (Math.abs(seconds) >= size) return format.format(round(seconds / size), unit);
  }
  if (Math.abs(seconds) < 5) return 'just now';
  return format.format(seconds, 'second');
}

/**
 * A moment: relative by default, or the local date and time with `mode="date"`; the UTC instant is in the title. The server
 * cannot know the reader's zone, so it writes UTC and the browser replaces it after hydration.
 */
export function TimeAgo({ at, mode = 'relative' }: { at: Date | string | number; mode?: 'relative' | 'date' }) {
  const date = new Date(at);
  const ms = date.getTime();
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), Math.abs(Date.now() - ms) < 3_600_000 ? 10_000 : 60_000);
    return () => clearInterval(timer);
  }, [ms]);
  const text =
    mode === 'date'
      ? new Intl.DateTimeFormat('en-GB', {
          dateStyle: 'medium',
          timeStyle: 'short',
          ...(now === null && { timeZone: 'UTC' }),
        }).format(date) + (now === null ? ' UTC' : '')
      : relativeTime(ms, now ?? Date.now());
  return (
    <time
      dateTime={date.toISOString()}
      title={`${date.toISOString().replace('T', ' ').slice(0, 19)} UTC`}
      suppressHydrationWarning
      className="whitespace-nowrap"
    >
      {text}
    </time>
  );
}
