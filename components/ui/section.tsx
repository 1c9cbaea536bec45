import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A part of a page: a hairline, a title, an optional action on its right. No card, no shadow. */
export function Section({
  title,
  intro,
  action,
  id,
  className,
  children,
}: {
  title: ReactNode;
  intro?: ReactNode;
  action?: ReactNode;
  id?: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className={cx('border-t border-hairline pt-6', className)}>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 className="title-section">{title}</h2>
        {action}
      </div>
      {intro && <p className="prose-measure mb-4 text-muted">{intro}</p>}
      {children}
    </section>
  );
}
