import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import type { MixPartView } from '#lib/mixes/types.ts';
import { type GradientPulls, shareOfPulls } from './gradient-shares.ts';

/** Which Datanet pulls how much at the adapter so far, as one bar and in figures. Nothing for a run on one Datanet. */
export function GradientShare({
  pulls,
  parts,
}: {
  pulls: readonly GradientPulls[];
  parts: readonly Pick<MixPartView, 'versionId' | 'tenths' | 'number' | 'datanet'>[];
}) {
  const shares = shareOfPulls(
    pulls,
    parts.map(({ versionId }) => versionId),
  );
  if (shares === null) return <p className="text-sm text-muted">Measured with the first step.</p>;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <div aria-hidden="true" className="flex h-4 w-full overflow-hidden bg-sunken">
        {parts.map(({ versionId }, i) => (
          <span
            key={versionId}
            style={{ width: `${shares.percents[i]}%`, background: `var(--thread-${i + 1})` }}
            className="h-4 border-r border-ground last:border-r-0"
          />
        ))}
      </div>
      <ul className="flex flex-col gap-1">
        {parts.map(({ versionId, datanet, number, tenths }, i) => (
          <li key={versionId} className="flex flex-wrap items-baseline gap-x-3">
            <span
              aria-hidden="true"
              className="size-3 shrink-0 self-center"
              style={{ background: `var(--thread-${i + 1})` }}
            />
            <span>
              {datanet.title}, version {number}
            </span>
            <span className="figures">{shares.percents[i]} %</span>
            <span className="text-xs text-muted">weight {tenths / tenthsRange.once}×</span>
          </li>
        ))}
      </ul>
      <p className="prose-measure text-xs text-muted">
        Norms of the gradients of {shares.rows} rows, drawn before every tenth step from all that a pass reads. It says
        which rows still move the adapter, not which are worth more: what is known already pulls little.
      </p>
    </div>
  );
}
