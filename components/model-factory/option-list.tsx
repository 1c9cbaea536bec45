'use client';

import { type ReactNode, useId } from 'react';
import { cx } from '#components/ui/cx.ts';

export type Option = { value: string; title: ReactNode; detail?: ReactNode; aside?: ReactNode; disabled?: boolean };

/** One of several, each with a line of explanation; radio buttons, so that arrow keys and screen readers work. */
export function OptionList({
  legend,
  options,
  value,
  onChange,
}: {
  legend: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="sr-only">{legend}</legend>
      <div className="border-t border-hairline">
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              'flex cursor-pointer items-start gap-3 border-b border-hairline px-2 py-3 hover:bg-sunken',
              option.value === value && 'bg-accent-wash hover:bg-accent-wash',
              option.disabled && 'cursor-not-allowed text-muted',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span className="flex min-w-0 flex-1 flex-col gap-0.5">
              <span className="font-medium">{option.title}</span>
              {option.detail && <span className="text-sm text-muted">{option.detail}</span>}
            </span>
            {option.aside && <span className="shrink-0 text-right text-xs text-muted">{option.aside}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
