'use client';

import './globals.css';

/** Stands in when even the frame of the pages failed, for example because the settings are wrong. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>OpenLedger is not available</title>
        <main className="mx-auto max-w-page px-4 py-16">
          <h1 className="title-page">OpenLedger is not available just now.</h1>
          <p className="prose-measure mt-4 text-muted">
            This is a fault on our side; nothing of yours is lost. Try again in a minute.
            {error.digest && <span className="figures"> Request {error.digest}</span>}
          </p>
          <button
            type="button"
            onClick={reset}
            className="mt-6 h-9 rounded-md border border-accent bg-accent px-4 text-sm text-on-accent"
          >
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
