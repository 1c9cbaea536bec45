import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';
import { CommandPaletteButton } from './command-palette-button.tsx';
import { MobileNav } from './mobile-nav.tsx';
import { NavLinks } from './nav-links.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** Top of every page, 56 px, sticky. `account` is the connect button or the account menu. */
export function Header({ account }: { account: ReactNode }) {
  return (
    <header data-print="hide" className="sticky top-0 z-30 border-b border-hairline bg-paper">
      <div className="mx-auto flex h-14 max-w-page items-center gap-2 px-4 md:px-6 lg:gap-4">
        <Brand />
        <NavLinks className="ml-2 hidden lg:block" />
        <div className="ml-auto flex items-center gap-1 max-[379px]:gap-0">
          <CommandPaletteButton />
          <div className="max-[379px]:hidden">
            <ThemeSwitch />
          </div>
          {account}
          <MobileNav />
        </div>
      </div>
    </header>
  );
}
