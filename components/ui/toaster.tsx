'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

/** Where toasts appear; once, in the layout. Toasts confirm; what must be read stays on the page. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      toastOptions={{
        style: {
          background: 'var(--raised)',
          color: 'var(--ink)',
          border: '1px solid var(--hairline)',
          borderRadius: '4px',
          boxShadow: 'none',
          fontFamily: 'var(--font-geist-sans), system-ui, sans-serif',
        },
      }}
    />
  );
}
