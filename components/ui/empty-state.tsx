import type { ReactNode } from 'react';

/** Nothing here yet: what would be here, and the one next step. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-3 border-t border-hairline py-8">
      <p className="font-serif text-xl">{title}</p>
      {children && <div className="prose-measure text-sm text-muted">{children}</div>}
      {action}
    </div>
  );
}
