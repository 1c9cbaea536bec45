import { percent } from '#components/staking/percent.ts';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Royalty } from '#lib/model-factory/types.ts';
import { RoyaltyForm } from './royalty-parts.tsx';

/** What the owner asks of merges, in words for everybody, and for the owner the form that announces it on chain. */
export function RoyaltySection({
  royalty,
  registryId,
  isOwner,
}: {
  royalty: Royalty;
  registryId: string;
  isOwner: boolean;
}) {
  return (
    <Section title="Royalty">
      <div className="flex flex-col gap-3 text-sm">
        <p>{sayRoyalty(royalty.bps)}</p>
        {royalty.next && (
          <p>
            Announced: {percent(royalty.next.bps)} for merges published from{' '}
            <TimeAgo at={royalty.next.holdsFrom} mode="date" /> on.
          </p>
        )}
        <p className="text-muted">What is published keeps the royalty of that day.</p>
        {isOwner && <RoyaltyForm registryId={registryId} bps={royalty.next?.bps ?? royalty.bps ?? 0} />}
      </div>
    </Section>
  );
}

function sayRoyalty(bps: number | null): string {
  if (bps === null)
    return 'The chain does not answer now, so what its owner asks of merges is not known. Load the page again.';
  if (bps === 0) return 'Its owner asks nothing of those who merge this model with others.';
  return `Who merges this model with others owes its owner ${percent(bps)} of the model owner’s part of what the merge earns, times this model’s weight in it.`;
}
