import { type ReactNode, useId } from 'react';

/**
 * A word with its explanation in plain language: dotted underline; a press shows it, Escape or a press elsewhere hides it. The
 * browser's own popover, so it works by keyboard, by touch and without script.
 */
export function Term({ explain, children }: { explain: string; children: ReactNode }) {
  const id = `term-${useId().replaceAll(/\W/g, '')}`;
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        title={explain}
        className="cursor-help underline decoration-border decoration-dotted underline-offset-4"
      >
        {children}
      </button>
      <span id={id} popover="auto" className="term-note">
        {explain}
      </span>
    </>
  );
}
