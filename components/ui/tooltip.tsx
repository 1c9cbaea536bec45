'use client';

import * as Radix from 'radix-ui/tooltip';
import type { ReactNode } from 'react';

/**
 * Explains a word or a figure on hover and on focus. The child must be focusable (a button or link), because people without
 * a pointer read it too; never put the only copy of a fact here.
 */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={6}
            collisionPadding={12}
            className="z-50 max-w-72 animate-fade-in rounded-md bg-ink px-3 py-2 text-xs text-paper"
          >
            {text}
            <Radix.Arrow className="fill-ink" />
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
