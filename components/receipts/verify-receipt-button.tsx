'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { ReceiptStep } from '#lib/kernel/receipt-step.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';

/** Recomputes the receipt in this browser, step by step; names the first step that differs. */
export function VerifyReceiptButton(props: { body: ReceiptBody; hash: `0x${string}`; signature: `0x${string}` }) {
  const [steps, setSteps] = useState<ReceiptStep[] | null>(null);
  const [busy, setBusy] = useState(false);
  async function verify() {
    setBusy(true);
    setSteps(await verifyReceipt(props.body, props.hash, props.signature));
    setBusy(false);
  }
  const failed = steps?.find((step) => !step.ok);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4 print:hidden">
        <Button variant="primary" onClick={verify} disabled={busy}>
          {busy ? 'Recomputing…' : 'Verify in this browser'}
        </Button>
        <output aria-live="polite">
          {steps && !failed && <Status tone="good">Every step recomputes</Status>}
          {failed && <Status tone="bad">First difference: {failed.name}</Status>}
        </output>
      </div>
      {steps && (
        <ol className="flex flex-col text-sm">
          {steps.map((step) => (
            <li
              key={step.name}
              className="grid grid-cols-1 gap-x-6 border-b border-hairline py-2 md:grid-cols-[22rem_1fr]"
            >
              <Status tone={step.ok ? 'good' : 'bad'}>{step.name}</Status>
              <span className="figures text-xs break-all text-muted">{step.detail}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
