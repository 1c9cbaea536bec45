'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { commitmentOf } from '#lib/validation/rules.ts';
import type { RoundPlace } from '#lib/validation/types.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';
import { forgetSecret, keepSecret, readSecret, type Secret } from './round-secret.ts';

export type CommitAction = Action<{ roundId: string; commitment: string }, unknown>;
export type RevealAction = Action<{ roundId: string; verdicts: string; salt: string }, unknown>;

/** A validator's seat in a round: choose for every place, commit, and reveal when everybody has committed. */
export function SeatForm({
  roundId,
  you,
  phase,
  committed,
  revealed,
  places,
  fields,
  commit,
  reveal,
}: {
  roundId: string;
  you: string;
  phase: 'commit' | 'reveal' | 'over';
  committed: boolean;
  revealed: boolean;
  places: readonly RoundPlace[];
  fields: readonly DatanetField[];
  commit: CommitAction;
  reveal: RevealAction;
}) {
  const router = useRouter();
  const [chosen, setChosen] = useState<readonly ('a' | 'r' | null)[]>(places.map(() => null));
  const [secret, setSecret] = useState<Secret | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  useEffect(() => setSecret(readSecret(roundId, you)), [roundId, you]);
  const run = async (work: () => ReturnType<CommitAction>, done: string) => {
    setBusy(true);
    const result = await work();
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return false;
    toast.success(done);
    router.refresh();
    return true;
  };
  const sendCommitment = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const salt = `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const mine = { verdicts: chosen.join(''), salt };
    keepSecret(roundId, you, mine); // before it is sent: a commitment without its salt can never be revealed
    setSecret(mine);
    const commitment = commitmentOf(roundId, you, mine.verdicts, mine.salt);
    return run(() => runAction(commit, { roundId, commitment }), 'Committed. Come back to reveal.');
  };
  const sendReveal = async () => {
    if (!secret) return;
    if (await run(() => runAction(reveal, { roundId, ...secret }), 'Revealed.')) forgetSecret(roundId, you);
  };
  if (revealed)
    return <p className="text-sm text-muted">You have revealed. The round is settled when the others have.</p>;
  if (phase === 'reveal' && committed) {
    return (
      <div className="flex flex-col items-start gap-2">
        {secret ? (
          <Button variant="primary" busy={busy} onClick={sendReveal}>
            Reveal your verdicts
          </Button>
        ) : (
          <p className="text-sm text-warn">
            Your verdicts are kept in the browser in which you committed. Open this page there to reveal them.
          </p>
        )}
        <ActionProblem error={error} />
      </div>
    );
  }
  if (committed)
    return <p className="text-sm text-muted">You have committed. You reveal when all have, or the time is over.</p>;
  if (phase !== 'commit') return <p className="text-sm text-muted">The time to commit is over.</p>;
  const choose = (at: number, letter: 'a' | 'r') => setChosen((old) => old.map((one, i) => (i === at ? letter : one)));
  const open = chosen.filter((letter) => letter === null).length;
  return (
    <div className="flex flex-col gap-4">
      <ol className="flex flex-col">
        {places.map((place, at) => (
          <li key={place.position} className="border-b border-hairline py-4">
            <Place
              place={place}
              fields={fields}
              chosen={chosen[at] ?? null}
              onChoose={(letter) => choose(at, letter)}
            />
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" busy={busy} disabled={open > 0} onClick={sendCommitment}>
          Commit to {places.length} verdicts
        </Button>
        <p className="text-xs text-muted">
          {open > 0 ? `${open} left to choose. ` : ''}Only a hash is sent now; nobody can copy you. Some places are gold
          rows.
        </p>
      </div>
      <ActionProblem error={error} />
    </div>
  );
}

function Place({
  place,
  fields,
  chosen,
  onChoose,
}: {
  place: RoundPlace;
  fields: readonly DatanetField[];
  chosen: 'a' | 'r' | null;
  onChoose: (letter: 'a' | 'r') => void;
}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="prose-measure font-medium whitespace-pre-wrap">
        {place.data[fields[0]?.name ?? ''] ?? 'Withdrawn by its author: either verdict will do.'}
      </legend>
      {fields.slice(1).map(({ name }) => (
        <p key={name} className="prose-measure whitespace-pre-wrap">
          {place.data[name]}
        </p>
      ))}
      <div className="flex gap-5">
        {(['a', 'r'] as const).map((letter) => (
          <label key={letter} className="flex min-h-7 items-center gap-2 text-sm">
            <input
              type="radio"
              name={`place-${place.position}`}
              checked={chosen === letter}
              onChange={() => onChoose(letter)}
              className="size-4 accent-accent"
            />
            {letter === 'a' ? 'Accept' : 'Reject'}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
