'use client';

import { useTheme } from 'next-themes';
import { Icon } from '#components/ui/icon.tsx';

/** Switches between light and dark. Both icons are drawn and CSS shows one, so the first paint is right. */
export function ThemeSwitch() {
  const { resolvedTheme, setTheme } = useTheme();
  return (
    <button
      type="button"
      onClick={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}
      aria-label="Switch between light and dark"
      title="Switch between light and dark"
      className="flex size-9 items-center justify-center rounded-md text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon name="moon" className="size-4 dark:hidden" />
      <Icon name="sun" className="hidden size-4 dark:block" />
    </button>
  );
}
