'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { Icon } from '#components/ui/icon.tsx';

const CommandPalette = dynamic(() => import('./command-palette.tsx').then((module) => module.CommandPalette), {
  ssr: false,
});

/** Opens the palette by click or Cmd/Ctrl-K; its code loads on the first opening. */
export function CommandPaletteButton() {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setUsed(true);
      setOpen((value) => !value);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setUsed(true);
          setOpen(true);
        }}
        aria-label="Search everything"
        aria-keyshortcuts="Meta+K Control+K"
        title="Search everything (Cmd or Ctrl and K)"
        className="flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
      >
        <Icon name="search" className="size-4" />
      </button>
      {used && <CommandPalette open={open} onOpenChange={setOpen} />}
    </>
  );
}
