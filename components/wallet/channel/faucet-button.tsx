'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';

/** Asks the operator to send test OPEN to the signed-in account. */
export type RequestDrip = (input: undefined) => Promise<{ ok: true } | { ok: false; error: { message: string } }>;

/** Test OPEN on the devnet; the operator pays the network fee. */
export function FaucetButton({ requestDrip }: { requestDrip: RequestDrip }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const ask = async () => {
    setBusy(true);
    const result = await requestDrip(undefined).finally(() => setBusy(false));
    if (result.ok) toast.success('1,000 test OPEN are in your wallet.');
    else toast.error(result.error.message);
    router.refresh();
  };
  return (
    <Button busy={busy} onClick={ask}>
      Get 1,000 test OPEN
    </Button>
  );
}
