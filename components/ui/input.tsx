import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

/** Frame of text controls; Textarea and Select share it. */
export const controlClass =
  'w-full rounded-md border border-border bg-raised px-3 text-base text-ink placeholder:text-faint transition-colors hover:border-muted disabled:opacity-55 aria-invalid:border-bad';

/** One line of text. `mono` for amounts, hashes and addresses. */
export function Input({ className, mono, ...rest }: ComponentProps<'input'> & { mono?: boolean }) {
  return <input type="text" {...rest} className={cx(controlClass, 'h-9', mono && 'figures text-sm', className)} />;
}
