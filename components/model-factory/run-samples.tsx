'use client';

import { useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { bestStep, type RunProgress } from './fold-run-events.ts';

const shownAtFirst = 3;

/** What the adapter answered to a held-out question at each measurement, newest first; the best measurement is marked. */
export function RunSamples({ progress: { samples, points, adapterStep } }: { progress: RunProgress }) {
  const [all, setAll] = useState(false);
  const newest = [...samples].reverse();
  const best = bestStep(points);
  const shown = all ? newest : newest.slice(0, shownAtFirst);
  if (shown.length === 0)
    return <p className="text-sm text-muted">The first sample comes with the first measurement.</p>;
  return (
    <div className="flex flex-col items-start gap-4">
      <ol className="flex w-full flex-col">
        {shown.map((sample) => (
          <li
            key={sample.step}
            className="grid gap-x-6 gap-y-1 border-b border-hairline py-3 sm:grid-cols-[5rem_minmax(0,1fr)]"
          >
            <div className="flex flex-wrap items-baseline gap-2 sm:flex-col sm:gap-1">
              <span className="label-small figures">step {sample.step}</span>
              <span className="figures text-xs text-muted">{lossAt(points, sample.step)}</span>
              {sample.step === best && <Badge>best</Badge>}
              {sample.step === adapterStep && <Badge>the adapter</Badge>}
            </div>
            <div className="min-w-0 text-sm">
              <p className="text-muted">{sample.prompt}</p>
              <p className="mt-1 break-words whitespace-pre-wrap">{sample.text || '(an empty answer)'}</p>
            </div>
          </li>
        ))}
      </ol>
      {newest.length > shownAtFirst && (
        <Button size="sm" variant="quiet" onClick={() => setAll(!all)}>
          {all ? 'Show the newest only' : `Show all ${newest.length}`}
        </Button>
      )}
    </div>
  );
}

function lossAt(points: RunProgress['points'], step: number): string | null {
  const heldOut = points.find((point) => point.step === step)?.heldOut;
  return heldOut == null ? null : `loss ${heldOut.toFixed(3)}`;
}
