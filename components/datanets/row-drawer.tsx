'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Dialog } from '#components/ui/dialog.tsx';

/** A row over the table it was opened from; closing goes back to the address of the table, at the same place. */
export function RowDrawer({
  closeHref,
  pageHref,
  children,
}: {
  closeHref: string;
  pageHref: string;
  children: ReactNode;
}) {
  const router = useRouter();
  return (
    <Dialog open onOpenChange={(open) => !open && router.push(closeHref, { scroll: false })} title="Row">
      <div className="flex flex-col gap-4">
        {children}
        <Link href={pageHref} className="link text-sm">
          Open as a page of its own
        </Link>
      </div>
    </Dialog>
  );
}
