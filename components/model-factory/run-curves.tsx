'use client';

import { LineChart } from '#components/ui/line-chart.tsx';
import type { RunProgress } from './fold-run-events.ts';

/** Training loss, loss on the held-out rows, and the base's loss on them as the line to get below. */
export function RunCurves({ progress, isOver }: { progress: RunProgress; isOver: boolean }) {
  const { points, baseLoss } = progress;
  const data = points.map(({ step, loss, heldOut }) => ({ step, loss, heldOut, base: baseLoss }));
  if (data.length < 2 && isOver)
    return <p className="text-sm text-muted">It ended before its first steps, so there is no curve.</p>;
  if (data.length < 2)
    return (
      <p className="flex h-[280px] items-center justify-center border border-hairline text-sm text-muted">
        The curve begins with the first steps.
      </p>
    );
  return (
    // How many steps are drawn: a journey counts them after it was offline.
    <div data-steps={points.filter(({ loss }) => loss !== null).length}>
      <LineChart
        data={data}
        x="step"
        xLabel="step"
        summary={summaryOf(progress)}
        lines={[
          { key: 'loss', label: 'Loss on the training rows', color: 'var(--thread-1)' },
          { key: 'heldOut', label: 'Loss on the held-out rows', color: 'var(--accent)' },
          { key: 'base', label: 'Base model on the held-out rows', color: 'var(--muted)', dashed: true },
        ]}
      />
    </div>
  );
}

function summaryOf({ points, baseLoss, step }: RunProgress): string {
  const losses = points.filter((point) => point.loss !== null);
  const heldOut = points.filter((point) => point.heldOut !== null).at(-1)?.heldOut;
  const parts = [`After ${step} steps`];
  const [first, last] = [losses[0]?.loss, losses.at(-1)?.loss];
  if (first != null && last != null)
    parts.push(`the training loss went from ${first.toFixed(2)} to ${last.toFixed(2)}`);
  if (heldOut != null) parts.push(`the held-out loss is ${heldOut.toFixed(2)}`);
  if (baseLoss !== null) parts.push(`the base model's is ${baseLoss.toFixed(2)}`);
  return `${parts.join(', ')}.`;
}
