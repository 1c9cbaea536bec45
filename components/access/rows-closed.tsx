import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import type { Tier } from '#lib/access/types.ts';
import { tierWords } from './tier-words.ts';

/** In place of rows that this reader may not read: why, and the one next step. */
export function RowsClosed({ slug, tier }: { slug: string; tier: Tier }) {
  return (
    <EmptyState
      title="The rows of this Datanet are private"
      action={
        <LinkButton href={`/datanets/${slug}/access`} variant="primary">
          See who reads them, and ask
        </LinkButton>
      }
    >
      {tierWords[tier].who}
    </EmptyState>
  );
}
