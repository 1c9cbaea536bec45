'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { cx } from '#components/ui/cx.ts';

export const navItems = [
  { href: '/datanets', label: 'Datanets' },
  { href: '/models', label: 'Models' },
  { href: '/playground', label: 'Playground' },
  { href: '/rewards', label: 'Rewards' },
  { href: '/staking', label: 'Staking' },
  { href: '/governance', label: 'Governance' },
  { href: '/explorer', label: 'Explorer' },
] as const;

/** The main navigation; marks the section that the reader is in. */
export function NavLinks({ className, itemClassName }: { className?: string; itemClassName?: string }) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className={className}>
      <ul className="flex flex-col lg:flex-row lg:gap-1">
        {navItems.map((item) => {
          const here = path === item.href || path.startsWith(`${item.href}/`);
          return (
            <li key={item.href}>
              <Link
                href={item.href}
                aria-current={here ? 'page' : undefined}
                className={cx(
                  'flex h-9 items-center rounded-md px-3 text-sm lg:px-2 xl:px-3 text-muted transition-colors hover:text-ink',
                  here && 'font-medium text-ink',
                  itemClassName,
                )}
              >
                {item.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
