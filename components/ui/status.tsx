import type { ReactNode } from 'react';
import type { Tone } from './badge.tsx';
import { cx } from './cx.ts';

const dots: Record<Tone, string> = {
  neutral: 'bg-faint',
  good: 'bg-good',
  warn: 'bg-warn',
  bad: 'bg-bad',
  info: 'bg-info',
  accent: 'bg-accent',
};

/** A state in words with a dot; the word carries the meaning, the colour repeats it. `live` pulses while something works; `wrap` is for sentences. */
export function Status(props: { tone?: Tone; live?: boolean; wrap?: boolean; children: ReactNode }) {
  const { tone = 'neutral', live, wrap, children } = props;
  return (
    <span className={cx('inline-flex gap-1.5 text-sm', wrap ? 'items-baseline' : 'items-center whitespace-nowrap')}>
      <span aria-hidden className={cx('size-2 shrink-0 rounded-full', dots[tone], live && 'animate-pulse-soft')} />
      {/* One item, so that a sentence of several parts keeps its spaces. */}
      <span>{children}</span>
    </span>
  );
}
