'use client';

import type { ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';

/** A word with its explanation in plain language: dotted underline, reachable by keyboard. */
export function Term({ explain, children }: { explain: string; children: ReactNode }) {
  return (
    <Tooltip text={explain}>
      <button type="button" className="cursor-help underline decoration-border decoration-dotted underline-offset-4">
        {children}
      </button>
    </Tooltip>
  );
}
