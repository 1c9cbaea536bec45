import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { formatOpen } from '#lib/kernel/money.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

/** `payHref`: where deposit or session key are to be had, when these are missing. */
export type Said = { ok: boolean; text: string; payHref?: string };

/** Runs one of the access actions and renews the page; `said` is a sentence for it. Resolves to whether it was done. */
export function useAccessAction() {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);
  const run = async (call: () => Promise<ActionResult<unknown>>, done: string, lost: string): Promise<boolean> => {
    setBusy(true);
    setSaid(null);
    const result = await call().catch(() => null);
    setBusy(false);
    const isDone = result?.ok ?? false;
    if (result && !result.ok) setSaid(refused(result.error));
    else setSaid({ ok: isDone, text: isDone ? done : lost });
    if (isDone) router.refresh();
    return isDone;
  };
  return { busy, said, setSaid, run };
}

function refused({ code, message, facts }: { code: string; message: string; facts?: Record<string, unknown> }): Said {
  if (code !== 'pass_unpaid') return { ok: false, text: message };
  const missing = formatOpen(BigInt(String(facts?.shortfallWei ?? '0'))).replaceAll(',', '');
  return { ok: false, text: message, payHref: missing === '0' ? '/keys' : `/keys?deposit=${missing}` };
}
