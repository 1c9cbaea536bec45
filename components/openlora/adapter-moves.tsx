'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { AdapterMove, KeepAdapterInput } from '#lib/serving/schema.ts';

export type KeepAdapter = (input: KeepAdapterInput) => Promise<ActionResult<{ inMemory: boolean }>>;

const said: Record<AdapterMove, string> = {
  prewarm: 'In memory now; it leaves when others need the place.',
  pin: 'In memory, and kept there until you let it go or the serving process starts again.',
  unload: 'Let go; the next question loads it again.',
};

/** The owner's or operator's choice for one adapter: into memory, kept there, or let go. */
export function AdapterMoves({
  model,
  isHot,
  isPinned,
  keep,
}: {
  model: string;
  isHot: boolean;
  isPinned: boolean;
  keep: KeepAdapter;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState<AdapterMove | null>(null);
  const run = async (move: AdapterMove) => {
    setBusy(move);
    const result = await keep({ model, move }).catch(() => null);
    setBusy(null);
    if (!result) return toast.error('The server did not answer. Press again; nothing is done twice.');
    if (!result.ok) return toast.error(result.error.message);
    toast.success(said[move]);
    router.refresh();
  };
  const button = (move: AdapterMove, label: string) => (
    <Button size="sm" busy={busy === move} disabled={busy !== null} onClick={() => run(move)}>
      {label}
    </Button>
  );
  return (
    <div className="flex gap-2">
      {!isHot && button('prewarm', 'Prewarm')}
      {!isPinned && button('pin', 'Pin')}
      {isHot && button('unload', 'Let go')}
    </div>
  );
}
