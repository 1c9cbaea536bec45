'use client';

import { Amount } from '#components/ui/amount.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { ExpectedGain, RunEstimate, RunQuote } from '#lib/model-factory/types.ts';
import { formatBytes, formatCount, formatSeconds } from './format.ts';
import type { EstimateState } from './use-estimate.ts';

/** What the run will take, what it may gain, and what does not fit well. */
export function EstimateView({ state }: { state: EstimateState }) {
  if (state.state === 'counting') return <SkeletonRows rows={3} />;
  if (state.state === 'refused')
    return (
      <p role="alert" className="text-sm text-bad">
        {state.message}
      </p>
    );
  const { estimate } = state;
  return (
    <div className="flex w-full flex-col gap-6">
      <Figures estimate={estimate} />
      <p className="prose-measure text-sm text-muted">
        The adapter will have {formatCount(estimate.trainableParameters)} parameters (
        {formatBytes(estimate.adapterBytes)}).{memoryText(estimate)} Other runs may wait before yours; the run’s page
        shows it. You can stop and resume at any time, and cancel: you pay for what was trained until then.
      </p>
      {estimate.notes.length === 0 ? (
        <p className="text-sm text-good">Rows, base and recipe fit together.</p>
      ) : (
        <ul className="flex list-disc flex-col gap-1 pl-5 text-sm text-warn">
          {estimate.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Figures({ estimate }: { estimate: RunQuote }) {
  const { price, gain } = estimate;
  return (
    <StatRow>
      <Stat
        label="Cost, at most"
        value={<Amount wei={price.costWei} />}
        note={`${price.costWei === 0n ? 'nothing is taken from your deposit' : 'held when you start'}; it learns from ${formatCount(estimate.trainedTokens)} tokens`}
      />
      <Stat
        label="Time, about"
        value={formatSeconds(estimate.seconds)}
        note={
          estimate.speedFrom === 'last-runs'
            ? `at ${formatCount(estimate.tokensPerSecond)} tokens/s, by the last runs here and how busy the server is now`
            : `at ${formatCount(estimate.tokensPerSecond)} tokens/s, by a measurement on two cores and how busy the server is now`
        }
      />
      <Stat
        label="Steps"
        value={formatCount(estimate.steps)}
        note={`${estimate.trainRows} rows, ${estimate.heldOutRows} held out to measure`}
      />
      <Stat
        label="Expected gain"
        value={gain ? `${gain.middle} %` : 'unknown'}
        note={gain ? gainText(gain) : 'nothing like it was trained here yet; the run’s end will tell'}
      />
    </StatRow>
  );
}

const of: Record<ExpectedGain['of'], string> = {
  version: 'this version',
  datanet: 'this Datanet',
  base: 'this base on other data',
};

function gainText({ runs, of: scope, least, most }: ExpectedGain): string {
  const range = least === most ? '' : `, from ${least} % to ${most} %`;
  return `less surprised by unseen answers, as ${runs === 1 ? 'an earlier run' : `${runs} earlier runs`} of ${of[scope]}${range}`;
}

function memoryText({ check }: RunEstimate): string {
  if (!check) return ' Its memory could not be counted now.';
  return ` It needs about ${formatBytes(check.memoryBytes)} of memory; the server has ${formatBytes(check.memoryFreeBytes)} free.`;
}
