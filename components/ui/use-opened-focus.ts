import { type RefObject, useEffect, useRef } from 'react';

/**
 * For a form or question that opens in place of the button that opened it: put the ref on it. Focus goes to its first field (without
 * one to itself, where it has a tabIndex), and when it closes back to that button, or to what stands there then; without it who has no
 * mouse is thrown back to the top of the page.
 * `isOpened` is false for the same form where it stands on the page from the start.
 */
export function useOpenedFocus<T extends HTMLElement>(isOpened = true): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (!isOpened) return;
    const before = document.activeElement;
    const place = ref.current?.parentElement;
    (ref.current?.querySelector<HTMLElement>('input, textarea, select') ?? ref.current)?.focus();
    return () => {
      if (document.activeElement !== document.body) return; // somebody went on meanwhile
      const opener = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : null;
      (opener ?? place?.querySelector<HTMLElement>('button'))?.focus();
    };
  }, [isOpened]);
  return ref;
}
