import Link from 'next/link';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type TabItem = { key: string; label: string; href: string; count?: ReactNode };

/**
 * Tabs as links: the state lives in the URL, so a copied link opens the same tab and the page works without script.
 * `current` is the key of the open one.
 */
export function Tabs({ label, items, current }: { label: string; items: readonly TabItem[]; current: string }) {
  return (
    <nav aria-label={label} className="-mx-4 overflow-x-auto px-4">
      <ul className="flex min-w-max gap-6 border-b border-hairline">
        {items.map((item) => (
          <li key={item.key}>
            <Link
              href={item.href}
              scroll={false}
              aria-current={item.key === current ? 'page' : undefined}
              className={cx(
                '-mb-px flex h-10 items-center gap-2 border-b-2 border-transparent text-sm text-muted transition-colors hover:text-ink',
                // On a phone the open tab is not left out of sight.
                item.key === current && 'border-accent font-medium text-ink [scroll-initial-target:nearest]',
              )}
            >
              {item.label}
              {item.count !== undefined && <span className="figures text-xs text-muted">{item.count}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
