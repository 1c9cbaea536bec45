import { expect, test } from 'vitest';
import { cx } from './cx.ts';

test('the caller’s utility stands in place of the primitive’s, condition by condition', () => {
  const base = 'h-9 px-3 text-base text-ink border border-border align-middle sm:px-4 hover:bg-sunken';
  expect(cx(base, 'h-8 border-transparent text-sm text-muted align-top')).toBe(
    'px-3 border sm:px-4 hover:bg-sunken h-8 border-transparent text-sm text-muted align-top',
  );
  expect(cx(base, 'sm:px-6')).toContain('px-3');
  expect(cx(base, 'sm:px-6')).not.toContain('sm:px-4');
});

test('what only looks alike stays: sides beside whole, width and style beside colour, hidden until a width', () => {
  for (const names of [
    'px-3 pl-1',
    'border border-dashed border-border border-l-2 border-l-good',
    'hidden md:table-cell',
    'text-sm text-right text-muted',
    'font-mono font-medium',
    'flex flex-col flex-1',
    'min-w-0 w-full max-w-lg',
    'truncate whitespace-nowrap',
    'gap-x-4 gap-y-1',
  ]) {
    expect(cx(names)).toBe(names);
  }
});

test('a display gives way to a later one, and what is false leaves no trace', () => {
  expect(cx('flex gap-2', false, null, undefined, 'hidden')).toBe('gap-2 hidden');
  expect(cx()).toBe('');
});
