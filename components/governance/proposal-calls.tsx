import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import type { ProposalCall } from '#lib/governance/types.ts';

/** A call with what it means and what it would do now. */
export type DescribedCall = ProposalCall & {
  /** In plain words; null for a contract or function that we do not know. */
  sentence: string | null;
  /** What a run at the newest block did, or why it would fail; null where that cannot be asked. */
  effect: { ok: boolean; text: string } | null;
};

/** What a proposal does, call by call: in words, what it would do now, and the bytes themselves. */
export function ProposalCalls({ calls }: { calls: readonly DescribedCall[] }) {
  return (
    <ol className="flex flex-col gap-4">
      {calls.map((call, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a proposal's calls never change
        <li key={i} className="flex flex-col gap-1 border-l-2 border-hairline pl-4 text-sm" data-testid="proposal-call">
          <p className="text-base">
            {call.sentence ?? (
              <span className="text-warn">
                A call to a contract that this page does not know. Read its bytes before you vote for it.
              </span>
            )}
          </p>
          {call.effect && (
            <p className={call.effect.ok ? 'text-muted' : 'text-bad'}>
              {call.effect.ok ? 'Run now: ' : 'Run now, it would fail: '}
              {call.effect.text}
            </p>
          )}
          <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted">
            <span>
              to <Address address={call.to} dot={false} />
            </span>
            {call.valueWei > 0n && (
              <span>
                with <Amount wei={call.valueWei} unit={false} /> coins
              </span>
            )}
            <span className="min-w-0">
              bytes <Hash value={call.data} what="calldata" />
            </span>
          </p>
        </li>
      ))}
    </ol>
  );
}
