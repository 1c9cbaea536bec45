'use client';

import { Amount } from '#components/ui/amount.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { RunEstimate } from '#lib/model-factory/types.ts';
import { formatBytes, formatCount, formatSeconds } from './format.ts';
import { type EstimateAction, useEstimate } from './use-estimate.ts';
import type { WizardChoices } from './wizard-rules.ts';

/** What the run will take, and what does not fit well. */
export function StepCost({ choices, estimate }: { choices: WizardChoices; estimate: EstimateAction }) {
  const { version, base, recipe } = choices;
  const state = useEstimate(estimate, { versionId: version, baseModel: base, recipe });
  if (state.state === 'counting') return <SkeletonRows rows={3} />;
  if (state.state === 'refused')
    return (
      <p role="alert" className="text-sm text-bad">
        {state.message}
      </p>
    );
  return <EstimateView estimate={state.estimate} />;
}

function EstimateView({ estimate }: { estimate: RunEstimate }) {
  const { costWei, notes } = estimate;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat
          label="Cost"
          value={<Amount wei={costWei} />}
          note={costWei === 0n ? 'training on this server is free now' : 'taken when you launch'}
        />
        <Stat
          label="Time, about"
          value={formatSeconds(estimate.seconds)}
          note={
            estimate.speedFrom === 'last-run'
              ? `at ${formatCount(estimate.tokensPerSecond)} tokens/s, as the last run here`
              : `at ${formatCount(estimate.tokensPerSecond)} tokens/s, measured on two cores with one thread`
          }
        />
        <Stat
          label="Steps"
          value={formatCount(estimate.steps)}
          note={`${estimate.trainRows} rows, ${estimate.heldOutRows} held out to measure`}
        />
        <Stat
          label="Tokens a pass"
          value={formatCount(estimate.tokens)}
          note={estimate.tokensFrom === 'counted' ? 'counted by an earlier run' : 'from the number of characters'}
        />
      </StatRow>
      <p className="prose-measure text-sm text-muted">
        The adapter will have {formatCount(estimate.trainableParameters)} parameters (
        {formatBytes(estimate.adapterBytes)}). Other runs may wait before yours; the run’s page shows it. You can stop
        and resume at any time.
      </p>
      {notes.length === 0 ? (
        <p className="text-sm text-good">Rows, base and recipe fit together.</p>
      ) : (
        <ul className="flex list-disc flex-col gap-1 pl-5 text-sm text-warn">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
