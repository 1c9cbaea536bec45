'use client';

import { Page } from '#components/layout/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';

export default function Failed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page title="This page could not be read">
      <ErrorState
        title="The server could not read its data"
        requestId={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      >
        Try again in a moment. What is being trained or published goes on without this page.
      </ErrorState>
    </Page>
  );
}
