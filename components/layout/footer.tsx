import Link from 'next/link';
import type { ReactNode } from 'react';

/** Foot of every page: what chain this speaks to and its state, and the few standing links. */
export function Footer({ chain }: { chain: ReactNode }) {
  return (
    <footer data-print="hide" className="mt-16 border-t border-hairline">
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-8 gap-y-3 px-4 py-6 text-xs text-muted md:px-6">
        {chain}
        <nav aria-label="Footer">
          <ul className="flex flex-wrap gap-x-6 gap-y-2">
            <li>
              <Link href="/bounties" className="link inline-block py-1">
                Data wanted
              </Link>
            </li>
            <li>
              <Link href="/keys" className="link inline-block py-1">
                API keys
              </Link>
            </li>
            <li>
              <Link href="/docs" className="link inline-block py-1">
                API
              </Link>
            </li>
            <li>
              <Link href="/transactions" className="link inline-block py-1">
                Your transactions
              </Link>
            </li>
            <li>
              <Link href="/explorer" className="link inline-block py-1">
                Explorer
              </Link>
            </li>
            <li>
              <Link href="/openlora" className="link inline-block py-1">
                OpenLoRA
              </Link>
            </li>
            <li>
              <Link href="/gaming" className="link inline-block py-1">
                Can this be gamed?
              </Link>
            </li>
            <li>
              <Link href="/status" className="link inline-block py-1">
                Status
              </Link>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
