'use client';

import type { ComponentProps } from 'react';
import { useOpenedFocus } from './use-opened-focus.ts';

/** A question that opens in place before something is done for good: focus goes to it, so that it is read, and back when it closes. */
export function OpenedPanel(props: ComponentProps<'div'>) {
  const panel = useOpenedFocus<HTMLDivElement>();
  return <div {...props} ref={panel} tabIndex={-1} />;
}
