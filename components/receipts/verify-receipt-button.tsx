'use client';

import { CodeBlock } from '#components/ui/code-block.tsx';
import { indexBytesMax } from './index-bytes-max.ts';
import { type OnProgress, VerifyButton } from './verify-button.tsx';

/**
 * Recomputes the receipt in this browser, step by step, up to the first that differs: hash, signature, fee, shares, and with the
 * index every row's score. What needs the model or the payer's words is named as not checked, with the command that does it.
 */
export function VerifyReceiptButton({ receiptId }: { receiptId: string }) {
  async function verify(onProgress: OnProgress) {
    const [{ verifyEvidence }, { fetchBrowserEvidence }] = await Promise.all([
      import('#lib/kernel/verification/verify-evidence.ts'),
      import('./browser-evidence.ts'),
    ]);
    return verifyEvidence(
      await fetchBrowserEvidence(receiptId, (_, part, total) => onProgress(total > 0 ? part / total : null)),
    );
  }
  return (
    <VerifyButton
      verify={verify}
      good="Every step checked here recomputes"
      waiting="Downloading and scoring the index"
      open={
        <div className="flex flex-col gap-2 text-sm text-muted">
          <p className="prose-measure">
            What is not checked here needs the model, your own record of the answer, the chain, or an index larger than{' '}
            {indexBytesMax / 1_000_000} MB. On your own machine, with this project:
          </p>
          <CodeBlock label="npm" code={`npm run verify -- ${receiptId}`} />
        </div>
      }
    />
  );
}
