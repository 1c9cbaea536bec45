import { VerificationSteps } from '#components/receipts/verification-steps.tsx';
import { Address } from '#components/ui/address.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ChallengeView } from '#lib/challenges/types.ts';

const words = {
  queued: { tone: 'info', text: 'Is being computed again; no reward period takes it meanwhile' },
  upheld: { tone: 'bad', text: 'Found wrong: frozen, and paid to nobody' },
  rejected: { tone: 'good', text: 'Computed again: every step came out the same' },
  failed: { tone: 'warn', text: 'Could not be computed again' },
} as const;

/** Challenges of a receipt, newest first, with the first step that differed. */
export function ChallengeList({ challenges }: { challenges: readonly ChallengeView[] }) {
  return (
    <ol className="flex flex-col gap-4 text-sm">
      {challenges.map((one) => (
        <li key={one.id} className="flex flex-col gap-2 border-b border-hairline pb-3">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Status tone={words[one.status].tone} live={one.status === 'queued'}>
              {words[one.status].text}
            </Status>
            <span className="text-muted">
              asked by <Address address={one.challenger} copy={false} />, <TimeAgo at={one.createdAt} />
            </span>
          </div>
          {one.step && (
            <p>
              {one.status === 'upheld' ? 'First difference: ' : ''}
              {one.step}. <span className="figures text-xs break-all text-muted">{one.detail}</span>
            </p>
          )}
          {one.steps.length > 0 && (
            <details>
              <summary className="cursor-pointer text-muted">All steps that were computed</summary>
              <VerificationSteps steps={one.steps} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}
