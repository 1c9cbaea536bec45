import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ModerationView } from '#lib/discussions/types.ts';

/** What curators hid and restored, for everybody. */
export function ModerationLog({ acts }: { acts: readonly ModerationView[] }) {
  if (acts.length === 0) return null;
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">What curators hid and restored ({acts.length})</summary>
      <ol className="mt-3 flex flex-col gap-1">
        {acts.map(({ id, commentId, hides, by, reason, createdAt }) => (
          <li key={id}>
            <Address address={by} copy={false} /> {hides ? 'hid' : 'restored'}{' '}
            <a href={`#${commentId}`} className="link">
              a comment
            </a>
            : {reason} <TimeAgo at={createdAt} />
          </li>
        ))}
      </ol>
    </details>
  );
}
