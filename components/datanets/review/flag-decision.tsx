'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { HarmFlag } from '#lib/harm/types.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type DecideFlagAction, useFlagDecision } from './use-flag-decision.ts';

/** A curator's answer to a flag: keep the rows, take chosen ones out, or agree with a report. Each needs a reason. */
export function FlagDecision({
  flag,
  questionField,
  decide,
}: {
  flag: HarmFlag;
  /** Names a row in the list of choices. */
  questionField: string;
  decide: DecideFlagAction;
}) {
  const { busy, error, send } = useFlagDecision(flag.id, decide);
  const standing = flag.rows.filter((row) => row.status === 'accepted').map((row) => row.exampleId);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(standing.length === 1 ? standing : []));
  const [reason, setReason] = useState('');
  const ready = reason.trim().length >= 3;
  const toggle = (id: string) =>
    setChosen((old) => new Set(old.has(id) ? [...old].filter((other) => other !== id) : [...old, id]));
  return (
    <div className="flex max-w-xl flex-col gap-3">
      {standing.length > 1 && (
        <fieldset className="flex flex-col gap-1">
          <legend className="text-sm font-medium">Rows to take out</legend>
          {flag.rows
            .filter((row) => standing.includes(row.exampleId))
            .map((row) => (
              <Checkbox
                key={row.exampleId}
                label={row.data?.[questionField] ?? row.exampleId}
                checked={chosen.has(row.exampleId)}
                onChange={() => toggle(row.exampleId)}
              />
            ))}
        </fieldset>
      )}
      <Field label="Why do you decide so?" hint="Their author reads this.">
        {(control) => (
          <Input {...control} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" busy={busy} disabled={!ready} onClick={() => send('keep', [], reason)}>
          Keep
        </Button>
        {flag.evidence.kind === 'report' && (
          <Button size="sm" busy={busy} disabled={!ready} onClick={() => send('improve', [], reason)}>
            Agree: somebody should improve it
          </Button>
        )}
        <Button
          size="sm"
          variant="danger"
          busy={busy}
          disabled={!ready || chosen.size === 0}
          onClick={() => send('withdraw', [...chosen], reason)}
        >
          Take {chosen.size === 1 ? 'the row' : `${chosen.size} rows`} out of later versions
        </Button>
      </div>
      <ActionProblem error={error} />
    </div>
  );
}
