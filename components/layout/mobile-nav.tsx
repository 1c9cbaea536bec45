'use client';

import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Icon } from '#components/ui/icon.tsx';
import { NavLinks } from './nav-links.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** The navigation below 1024 px: a button that opens the list under the header. Closes on Escape and when the page changes. */
export function MobileNav() {
  const [open, setOpen] = useState(false);
  const path = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is the reason to close
  useEffect(() => setOpen(false), [path]);
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [open]);
  return (
    <div className="lg:hidden">
      <button
        type="button"
        aria-expanded={open}
        aria-controls="mobile-nav"
        aria-label={open ? 'Close the menu' : 'Open the menu'}
        onClick={() => setOpen(!open)}
        className="flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
      >
        {open ? <Icon name="cross" className="size-5" /> : <Icon name="menu" className="size-5" />}
      </button>
      <div
        id="mobile-nav"
        hidden={!open}
        className="absolute inset-x-0 top-full border-b border-hairline bg-paper px-2 py-2"
      >
        <NavLinks itemClassName="h-11" />
        <div className="flex items-center gap-1 px-1 text-sm text-muted min-[380px]:hidden">
          <ThemeSwitch /> Light or dark
        </div>
      </div>
    </div>
  );
}
