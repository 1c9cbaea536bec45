import type { ReactNode } from 'react';

/** Main column (8 of 12) and side column (4 of 12) from 1024 px; one below the other before that. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-8 lg:grid-cols-12">
      <div className="flex min-w-0 flex-col gap-8 lg:col-span-8">{children}</div>
      <aside className="flex min-w-0 flex-col gap-8 lg:col-span-4">{side}</aside>
    </div>
  );
}
