'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import type { StartAttackInput } from '#lib/attacks/schema.ts';
import { type AttackName, attackNames } from '#lib/attacks/types.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import { attackTexts } from './attack-texts.ts';

export type StartAttack = (input: StartAttackInput) => Promise<ActionResult<{ id: string }>>;
export type AttackableVersion = { id: string; number: number; rowCount: number; title: string };

const draws = Array.from({ length: 20 }, (_, i) => i + 1);

/** Chooses a Datanet and an attack and runs it; a result that is there already opens at once. */
export function AttackForm({
  versions,
  initialVersion,
  start,
}: {
  versions: readonly AttackableVersion[];
  initialVersion: string;
  start: StartAttack;
}) {
  const router = useRouter();
  const [versionId, setVersionId] = useState(initialVersion);
  const [attack, setAttack] = useState<AttackName>('copy-10');
  const [seed, setSeed] = useState(1);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    const result = await start({ versionId, attack, seed }).catch(() => null);
    if (result?.ok) return router.push(`/gaming/${result.data.id}`);
    setBusy(false);
    setError(result?.error.message ?? 'The server did not answer. Press again; an attack is never run twice.');
  };
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Field label="Datanet" hint="A copy of up to 120 rows is attacked. The Datanet itself does not change.">
        {(control) => (
          <Select {...control} value={versionId} onChange={(event) => setVersionId(event.target.value)}>
            {versions.map(({ id, title, number, rowCount }) => (
              <option key={id} value={id}>
                {title}, version {number} ({rowCount} rows)
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Attack" hint={attackTexts[attack].text}>
        {(control) => (
          <Select {...control} value={attack} onChange={(event) => setAttack(event.target.value as AttackName)}>
            {attackNames.map((name) => (
              <option key={name} value={name}>
                {attackTexts[name].title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Draw" hint="Decides who attacks and what is drawn by chance. The same draw comes out the same.">
        {(control) => (
          <Select {...control} value={seed} onChange={(event) => setSeed(Number(event.target.value))}>
            {draws.map((draw) => (
              <option key={draw} value={draw}>
                {draw}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="flex flex-col items-start gap-1">
        <Button variant="primary" busy={busy} onClick={run}>
          Run the attack
        </Button>
        {error && (
          <p role="alert" className="text-xs text-bad">
            {error}
          </p>
        )}
      </div>
    </div>
  );
}
