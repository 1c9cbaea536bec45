import type { ComponentProps } from 'react';
import { cx } from './cx.ts';
import { controlClass } from './input.tsx';

/** Several lines of text; grows with its content where the browser can (field-sizing), from `rows` lines. */
export function Textarea({ className, mono, rows = 4, ...rest }: ComponentProps<'textarea'> & { mono?: boolean }) {
  return (
    <textarea
      rows={rows}
      {...rest}
      className={cx(controlClass, 'field-sizing-content py-2 leading-6', mono && 'font-mono text-sm', className)}
      style={{ minHeight: `calc(${rows} * 1.5rem + 1.125rem)`, ...rest.style }}
    />
  );
}
