'use client';

import { Button } from '#components/ui/button.tsx';

/** Prints the page as it is. */
export function PrintButton() {
  return (
    <Button size="sm" className="print:hidden" onClick={() => window.print()}>
      Print
    </Button>
  );
}
