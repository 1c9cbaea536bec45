import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Waiting } from '#lib/validation/types.ts';

/** What waits, on whom, since when; whoever reads it sees the same. */
export function WaitingList({ waiting, you }: { waiting: readonly Waiting[]; you: string | null }) {
  if (waiting.length === 0) return <p className="text-sm text-muted">Nothing waits on anybody.</p>;
  return (
    <ul className="flex flex-col text-sm">
      {waiting.map(({ what, who, since, until }) => (
        <li key={`${what} ${since.getTime()}`} className="flex flex-col gap-1 border-b border-hairline py-3">
          <p>{what}</p>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
            <span>waits on</span>
            {who.map((address) => (
              <Address key={address} address={address} you={address === you} copy={false} />
            ))}
            <span>
              since <TimeAgo at={since} />
            </span>
            {until && (
              <span>
                until{' '}
                <time dateTime={until.toISOString()}>{until.toISOString().slice(0, 16).replace('T', ' ')} UTC</time>
              </span>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
