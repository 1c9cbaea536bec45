'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { CastVoteInput } from '#lib/evaluation/schema.ts';
import type { BlindChoice, BlindPair } from '#lib/evaluation/types.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

export type CastVoteAction = (
  input: CastVoteInput,
) => Promise<ActionResult<{ choice: BlindChoice; next: BlindPair | null }>>;

const told: Record<BlindChoice, string> = {
  tuned: 'You preferred the adapter’s answer.',
  base: 'You preferred the base model’s answer.',
  tie: 'You had no preference.',
};

/** Two answers to a sealed question without names; whose the preferred one was is said after the vote. */
export function BlindCompare({ first, vote }: { first: BlindPair | null; vote: CastVoteAction }) {
  const router = useRouter();
  const [pair, setPair] = useState(first);
  const [said, setSaid] = useState<BlindChoice | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const cast = async (side: CastVoteInput['side']) => {
    if (!pair) return;
    setBusy(true);
    const result = await vote({ evaluationId: pair.evaluationId, rowId: pair.rowId, side }).catch(() => null);
    setBusy(false);
    setError(result?.ok ? null : (result?.error.message ?? 'The server did not answer. Try again.'));
    if (!result?.ok) return;
    setSaid(result.data.choice);
    setPair(result.data.next);
    router.refresh();
  };
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p role="status" aria-live="polite" className="text-muted">
        {said ? `${told[said]} ` : ''}
        {pair ? `Pair ${pair.voted + 1} of ${pair.pairs}.` : 'There is no pair left for you to judge.'}
      </p>
      {pair && (
        <>
          <p className="prose-measure whitespace-pre-wrap">{pair.question}</p>
          <div className="grid gap-4 sm:grid-cols-2">
            <Answer name="Answer A" text={pair.left} />
            <Answer name="Answer B" text={pair.right} />
          </div>
          <div className="flex flex-wrap gap-2">
            <Button busy={busy} onClick={() => void cast('left')}>
              A is better
            </Button>
            <Button busy={busy} onClick={() => void cast('right')}>
              B is better
            </Button>
            <Button variant="quiet" busy={busy} onClick={() => void cast('tie')}>
              No difference
            </Button>
          </div>
        </>
      )}
      {error && (
        <p role="alert" className="text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function Answer({ name, text }: { name: string; text: string }) {
  return (
    <figure className="border border-hairline p-3">
      <figcaption className="label-small mb-1">{name}</figcaption>
      <p className="break-words whitespace-pre-wrap">{text || '(an empty answer)'}</p>
    </figure>
  );
}
