import Link from 'next/link';
import type { ComponentProps } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button.tsx';
import { cx } from './cx.ts';

/** A link that looks like a button, for the one next step. Use Button where something happens on this page. */
export function LinkButton({
  variant,
  size,
  className,
  ...rest
}: ComponentProps<typeof Link> & { variant?: ButtonVariant; size?: ButtonSize }) {
  return (
    <Link
      {...rest}
      className={cx(
        buttonClass(variant, size),
        variant === 'primary' && 'hover:border-accent-hover hover:bg-accent-hover',
        className,
      )}
    />
  );
}
