import type { ReactNode } from 'react';
import { cx } from '#components/ui/cx.ts';

/**
 * Shell of a page: 1200 px wide at most, one column at 320 px. Gives the title in serif, an intro in the reading measure, and
 * the page's actions on the right. Children stand below with 32 px between parts.
 */
export function Page({
  title,
  eyebrow,
  intro,
  actions,
  className,
  children,
}: {
  title: ReactNode;
  /** Where this page hangs: a link to its parent, or a word. */
  eyebrow?: ReactNode;
  intro?: ReactNode;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={cx('mx-auto w-full max-w-page px-4 py-8 md:px-6 md:py-10', className)}>
      <header className="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="min-w-0">
          {eyebrow && <div className="label-small mb-2">{eyebrow}</div>}
          <h1 className="title-page break-words">{title}</h1>
          {intro && <p className="prose-measure mt-3 text-muted">{intro}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      <div className="flex flex-col gap-8">{children}</div>
    </div>
  );
}
