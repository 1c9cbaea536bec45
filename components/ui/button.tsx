import type { ComponentProps, MouseEvent } from 'react';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md';

/** Looks of buttons and of links that act as the next step; shared with LinkButton. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  return cx(
    // A long label wraps inside the button before it would make a small screen scroll sideways.
    'inline-flex max-w-full shrink-0 items-center justify-center gap-2 rounded-md border py-1 text-center font-medium no-underline transition-colors duration-150',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    size === 'md' ? 'min-h-9 px-4 text-sm' : 'min-h-7 px-3 text-xs',
    {
      primary: 'border-accent bg-accent text-on-accent enabled:hover:border-accent-hover enabled:hover:bg-accent-hover',
      secondary: 'border-border bg-transparent text-ink hover:bg-sunken',
      quiet: 'border-transparent bg-transparent text-muted hover:bg-sunken hover:text-ink',
      danger: 'border-bad bg-transparent text-bad hover:bg-bad-wash',
    }[variant],
  );
}

export type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shows a spinner and refuses clicks; the label stays, so that the width does not jump, and so does the keyboard's focus. */
  busy?: boolean;
};

/** A click, or Enter in a form of which this is the submit button. */
function refuse(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** A button. `type` is "button" unless told, so that none submits a form by accident. */
export function Button({ variant, size, busy = false, className, onClick, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      onClick={busy ? refuse : onClick}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant, size), className)}
    >
      {busy && <Icon name="spinner" className="size-4 animate-spin" />}
      {children}
    </button>
  );
}
