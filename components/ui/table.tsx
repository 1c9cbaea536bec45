import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx.ts';

/**
 * Dense table, 36 px rows. From 1024 px its head sticks below the page header; below that it scrolls sideways inside its own
 * region, which can be reached by keyboard. `label` names it for screen readers.
 */
export function Table({
  label,
  className,
  children,
  scroll,
}: {
  label: string;
  className?: string;
  children: ReactNode;
  /** The table scrolls in its own box of at most this height, e.g. "24rem"; the head sticks inside it. */
  scroll?: string;
}) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
      tabIndex={0}
      className={cx('relative overflow-x-auto', scroll ? 'overflow-y-auto' : 'lg:overflow-x-visible', className)}
      style={scroll ? { maxHeight: scroll } : undefined}
    >
      <table
        data-scroll={scroll ? '' : undefined}
        className="group/table w-full border-separate border-spacing-0 text-sm"
      >
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </section>
  );
}

type CellProps = { /** Right-aligned monospaced figures. */ numeric?: boolean };

/** Column head. */
export function Th({ numeric, className, ...rest }: ComponentProps<'th'> & CellProps) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx(
        'z-10 h-9 border-b border-border bg-paper px-3 text-left align-middle text-xs font-medium whitespace-nowrap text-muted first:pl-0 last:pr-0 lg:sticky lg:top-14 group-data-scroll/table:sticky group-data-scroll/table:top-0',
        numeric && 'text-right',
        className,
      )}
    />
  );
}

/** Row; lights up under the pointer. */
export function Tr({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={cx('group/row hover:bg-sunken', className)} />;
}

/** Cell. */
export function Td({ numeric, className, ...rest }: ComponentProps<'td'> & CellProps) {
  return (
    <td
      {...rest}
      className={cx(
        'h-9 border-b border-hairline px-3 py-1 align-middle first:pl-0 last:pr-0',
        numeric && 'figures text-right whitespace-nowrap',
        className,
      )}
    />
  );
}
