'use client';

import { useSyncExternalStore } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { type ToastItem, type ToastTone, toast } from './toast.ts';

const none: readonly ToastItem[] = [];
const edges: Record<ToastTone, string> = { good: 'border-l-good', warn: 'border-l-warn', bad: 'border-l-bad' };

/** Where toasts appear; once, in the layout. The region is always there, so that screen readers hear what comes into it. */
export function Toaster() {
  const items = useSyncExternalStore(toast.subscribe, toast.list, () => none);
  return (
    <ul
      aria-live="polite"
      aria-label="Notices"
      className="pointer-events-none fixed right-4 bottom-4 z-60 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      {items.map(({ id, tone, text }) => (
        <li
          key={id}
          className={cx(
            'pointer-events-auto flex animate-fade-in items-start gap-2 rounded-md border border-l-2 border-hairline bg-raised py-2 pr-2 pl-4 text-sm',
            edges[tone],
          )}
        >
          <span className="min-w-0 flex-1 py-1 break-words">{text}</span>
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => toast.dismiss(id)}
            className="flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          >
            <Icon name="cross" className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}
