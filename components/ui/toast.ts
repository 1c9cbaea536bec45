import type { ReactNode } from 'react';

export type ToastTone = 'good' | 'warn' | 'bad';
export type ToastItem = { id: number; tone: ToastTone; text: ReactNode };

/** At most so many at once: more are not read. */
const atMost = 3;
/** Time to read a sentence twice; a fault stays longer. */
const shownMs: Record<ToastTone, number> = { good: 5_000, warn: 8_000, bad: 8_000 };

let items: readonly ToastItem[] = [];
let next = 1;
const listeners = new Set<() => void>();

function replace(change: (current: readonly ToastItem[]) => readonly ToastItem[]): void {
  items = change(items);
  for (const listener of listeners) listener();
}

function show(tone: ToastTone, text: ReactNode): void {
  const id = next++;
  replace((current) => [...current.slice(1 - atMost), { id, tone, text }]);
  setTimeout(() => toast.dismiss(id), shownMs[tone]);
}

/** Says a sentence in the corner of the page for some seconds. It confirms; what must be read stays on the page. */
export const toast = {
  success: (text: ReactNode) => show('good', text),
  warning: (text: ReactNode) => show('warn', text),
  error: (text: ReactNode) => show('bad', text),
  dismiss: (id: number) => replace((current) => current.filter((item) => item.id !== id)),
  /** For the place that draws them. */
  list: (): readonly ToastItem[] => items,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
