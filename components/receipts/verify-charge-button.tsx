'use client';

import { CodeBlock } from '#components/ui/code-block.tsx';
import type { ReceiptSettlementProof } from '#lib/kernel/verification/receipt-evidence.ts';
import { VerifyButton } from './verify-button.tsx';

type Envelope = { body: unknown; hash: string; signature: string; settlement: ReceiptSettlementProof | null };

/** Recomputes the receipt of a charge in this browser; the chain and the period's file are left to the command. */
export function VerifyChargeButton({ receiptId }: { receiptId: string }) {
  return (
    <VerifyButton
      good="Every step checked here recomputes"
      verify={async () => {
        const [{ verifyCharge }, { body, hash, signature, settlement }] = await Promise.all([
          import('#lib/kernel/verification/verify-charge.ts'),
          fetchEnvelope(receiptId),
        ]);
        const nowhere = async () => null;
        return verifyCharge({
          ...{ receipt: body, hash, signature, gateway: null },
          ...{ settlement: async () => settlement, epoch: nowhere, period: nowhere },
        });
      }}
      open={
        <div className="flex flex-col gap-2 text-sm text-muted">
          <p className="prose-measure">
            What is not checked here needs the chain, the period’s file or the training itself. On your own machine,
            with this project:
          </p>
          <CodeBlock label="npm" code={`npm run verify -- ${receiptId}`} />
        </div>
      }
    />
  );
}

async function fetchEnvelope(receiptId: string): Promise<Envelope> {
  const response = await fetch(`/api/v1/receipts/${receiptId}`);
  if (!response.ok) throw new Error('The server did not give the receipt. Try again in a moment.');
  return (await response.json()) as Envelope;
}
