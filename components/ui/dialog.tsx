'use client';

import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from './icon.tsx';

/** The frame of the page, which the layout names; what lies behind an open dialog can be neither reached nor read. */
const frameId = 'frame';
/** Open dialogs, the newest last: Escape closes that one alone. */
const stack: symbol[] = [];

type DialogProps = {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Words or drawings on a button of the caller's; a press anywhere on it opens. */
  trigger?: ReactNode;
  title: string;
  description?: ReactNode;
  children: ReactNode;
};

/**
 * A modal. Controlled by `open`/`onOpenChange`, or opened by `trigger` (a button). `description` is read out with the title;
 * pass it whenever the dialog asks for a decision. Escape, the cross and a click outside close it, and focus goes back to where
 * it was. It is the browser's `<dialog>` but not in its top layer: wallets' own dialogs, which libraries draw as plain
 * elements, must be able to lie above.
 */
export function Dialog({ open, onOpenChange, trigger, ...shown }: DialogProps) {
  const [own, setOwn] = useState(false);
  // The server has no body to hang a dialog on: it is drawn from the first effect on.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const isOpen = open ?? own;
  const change = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  return (
    <>
      {trigger && (
        // biome-ignore lint/a11y/noStaticElementInteractions: the button inside is pressed, also by key; this only hears of it
        <span role="presentation" className="contents" onClick={() => change(true)}>
          {trigger}
        </span>
      )}
      {isOpen && isMounted && createPortal(<Modal {...shown} onClose={() => change(false)} />, document.body)}
    </>
  );
}

function Modal({
  title,
  description,
  children,
  onClose,
}: Pick<DialogProps, 'title' | 'description' | 'children'> & { onClose: () => void }) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => holdPage(ref.current, () => close.current()), []);
  return (
    <div
      role="presentation"
      className="fixed inset-0 z-40 flex animate-fade-in bg-ink/40 p-4 dark:bg-sunken/80"
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
    >
      <dialog
        open
        ref={ref}
        tabIndex={-1}
        aria-modal
        aria-labelledby={`${id}-title`}
        {...(description && { 'aria-describedby': `${id}-description` })}
        className="relative m-auto max-h-full w-full max-w-lg overflow-y-auto rounded-md border border-hairline bg-raised p-6 text-ink outline-none"
      >
        <h2 id={`${id}-title`} className="title-section pr-10">
          {title}
        </h2>
        {description && (
          <div id={`${id}-description`} className="mt-2 text-sm text-muted">
            {description}
          </div>
        )}
        <div className="mt-4">{children}</div>
        <button
          type="button"
          aria-label="Close"
          onClick={onClose}
          className="absolute top-5 right-5 flex size-8 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
        >
          <Icon name="cross" />
        </button>
      </dialog>
    </div>
  );
}

/** Makes the page behind unreachable, moves focus into the dialog, hears Escape, and answers how to undo it all. */
function holdPage(dialog: HTMLDialogElement | null, close: () => void): () => void {
  const frame = document.getElementById(frameId);
  const before = document.activeElement;
  const own = Symbol('dialog');
  const onKey = (event: KeyboardEvent) => {
    // Escape in a wallet's dialog above is that dialog's.
    const isElsewhere = event.target instanceof Element && event.target.closest('[data-rk]');
    if (event.key === 'Escape' && !event.defaultPrevented && !isElsewhere && stack.at(-1) === own) close();
  };
  stack.push(own);
  frame?.setAttribute('inert', '');
  document.documentElement.style.overflow = 'hidden';
  document.addEventListener('keydown', onKey);
  (dialog?.querySelector<HTMLElement>('input, textarea, select') ?? dialog)?.focus();
  return () => {
    stack.splice(stack.indexOf(own), 1);
    document.removeEventListener('keydown', onKey);
    if (stack.length > 0) return;
    frame?.removeAttribute('inert');
    document.documentElement.style.overflow = '';
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
