'use client';

import { useEffect, useState } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

/** Copies `text`; says so to eyes and ears. `what` completes "Copy …", e.g. "address". */
export function CopyButton({ text, what, className }: { text: string; what: string; className?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  const label = { idle: `Copy ${what}`, copied: 'Copied', refused: 'The browser refused; select the text and copy it' }[
    state
  ];
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-6 items-center justify-center rounded-sm text-faint hover:bg-sunken hover:text-ink',
        className,
      )}
    >
      {state === 'copied' ? (
        <Icon name="check" className="size-3.5 text-good" />
      ) : (
        <Icon name="copy" className="size-3.5" />
      )}
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : label}
      </span>
    </button>
  );
}
