'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import type { SetAccessTierInput } from '#lib/access/schema.ts';
import { privateTiers, type Tier } from '#lib/access/types.ts';
import { tierWords } from './tier-words.ts';

/** Encrypted is apart: rows are sealed before they are sent, or are not. */
const isStricter = (to: Tier, from: Tier) => to === 'compute' || (to === 'gated' && from === 'public');

/** The owner makes the Datanet private, after reading what it means and what it costs. */
export function TierForm({
  datanetId,
  tier,
  hasRows,
  setTier,
}: {
  datanetId: string;
  tier: Tier;
  /** Then it becomes stricter only, and cannot be encrypted: this server has read the rows. */
  hasRows: boolean;
  setTier: Action<SetAccessTierInput, unknown>;
}) {
  const router = useRouter();
  const others = privateTiers.filter((one) => one !== tier && (!hasRows || isStricter(one, tier)));
  const [wanted, setChosen] = useState(others[0]);
  const chosen = others.find((one) => one === wanted) ?? others[0];
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  if (!chosen) {
    return (
      <p className="prose-measure text-sm text-muted">
        It cannot become stricter, and a Datanet with rows never becomes more open.
      </p>
    );
  }
  const save = async () => {
    setBusy(true);
    const result = await runAction(setTier, { datanetId, tier: chosen });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 text-sm font-medium">
          {tier === 'public' ? 'Make it private' : 'Make it stricter'}
        </legend>
        {others.map((one) => (
          <label key={one} className="flex min-h-9 items-start gap-3 text-sm">
            <input
              type="radio"
              name="tier"
              className="mt-1 size-4 accent-accent"
              checked={chosen === one}
              onChange={() => setChosen(one)}
            />
            <span>
              <span className="font-medium">{tierWords[one].title}.</span> {tierWords[one].who}
            </span>
          </label>
        ))}
      </fieldset>
      <p className="prose-measure border-l-2 border-warn py-1 pl-4 text-sm">
        {tierWords[chosen].lost} Once the Datanet has rows it never becomes more open again. What could be read until
        now may have been copied.
      </p>
      <div>
        <Button busy={busy} onClick={save}>
          Make it {tierWords[chosen].title.toLowerCase()}
        </Button>
      </div>
      <ActionProblem error={error} />
    </div>
  );
}
