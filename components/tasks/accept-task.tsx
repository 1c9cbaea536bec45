'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { type RegisterVoucher, useTrainingPayment } from '#components/model-factory/use-training-payment.ts';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import { formatOpen } from '#lib/kernel/money.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

export type AcceptTaskProps = {
  taskId: string;
  priceWei: bigint;
  accept: (input: { id: string; max_wei: string }) => Promise<ActionResult<{ heldWei: bigint }>>;
  registerVoucher: RegisterVoucher;
};

/** Agrees to the price that is shown, and to no other. Pressed again after a lost answer it changes nothing. */
export function AcceptTask({ taskId, priceWei, accept, registerVoucher }: AcceptTaskProps) {
  const pay = useTrainingPayment(registerVoucher);
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function agree() {
    setBusy(true);
    setProblem(null);
    const call = () => accept({ id: taskId, max_wei: priceWei.toString() });
    const result = await pay(call).catch(() => null);
    setBusy(false);
    if (result?.ok) return router.refresh();
    setProblem(result?.error.message ?? 'The server did not answer. Press again; a price is never held twice.');
  }
  return (
    <div className="flex flex-wrap items-center gap-4">
      <Button variant="primary" busy={busy} onClick={agree}>
        Agree to {formatOpen(priceWei)} OPEN
      </Button>
      <output aria-live="polite">
        {problem && (
          <Status tone="bad" wrap>
            {problem}
          </Status>
        )}
      </output>
    </div>
  );
}
