'use client';

import { useEffect } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';

/** A page that failed on our side. The digest is what the server's log has; the message itself never leaves the server. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <div className="mx-auto w-full max-w-page px-4 py-16 md:px-6">
      <ErrorState
        title="This page could not be shown."
        requestId={error.digest}
        action={
          <div className="flex gap-2">
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
            <LinkButton href="/">Home</LinkButton>
          </div>
        }
      >
        <p>Try again. If it stays, the state of each part is on the health page.</p>
      </ErrorState>
    </div>
  );
}
