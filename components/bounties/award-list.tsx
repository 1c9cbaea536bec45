import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { objectionWei } from '#lib/bounties/rules.ts';
import type { Award, BountyDetail } from '#lib/bounties/types.ts';
import { ObjectForm, PayAward } from './award-actions.tsx';

/** Every award: who is paid, who objected and why, and what the reader may do about it. */
export function AwardList({ bounty, reader, nowMs }: { bounty: BountyDetail; reader: string | null; nowMs: number }) {
  if (bounty.awards.length === 0) return <p className="text-muted">Nothing was awarded yet.</p>;
  return (
    <ol className="flex flex-col gap-6">
      {bounty.awards.map((award) => (
        <li key={award.number} className="flex flex-col gap-3 border-t border-hairline pt-4">
          <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <span className="font-medium">
              Award {award.number}: <Amount wei={award.sumWei} />
            </span>
            <AwardState award={award} nowMs={nowMs} />
          </p>
          <p className="text-sm text-muted">
            By <Address address={award.by} copy={false} /> to{' '}
            {[...new Set(award.payees)].map((payee) => (
              <Address key={payee} address={payee} copy={false} className="mr-2" />
            ))}
          </p>
          {award.objections.length > 0 && (
            <ul className="text-sm">
              {award.objections.map(({ sponsor, partWei, reason }) => (
                <li key={sponsor}>
                  <Address address={sponsor} copy={false} /> took <Amount wei={partWei} /> back: “{reason}”
                </li>
              ))}
            </ul>
          )}
          <AwardAct bounty={bounty} award={award} reader={reader} nowMs={nowMs} />
        </li>
      ))}
    </ol>
  );
}

function AwardState({ award, nowMs }: { award: Award; nowMs: number }) {
  if (award.paidWei !== null) {
    return (
      <Status tone="good">
        <Amount wei={award.paidWei} /> paid
      </Status>
    );
  }
  if (nowMs >= award.payableAt.getTime()) return <Status tone="warn">ready to be paid by anyone</Status>;
  return (
    <Status tone="info">
      sponsors may object until <TimeAgo at={award.payableAt} mode="date" />
    </Status>
  );
}

function AwardAct({
  bounty,
  award,
  reader,
  nowMs,
}: {
  bounty: BountyDetail;
  award: Award;
  reader: string | null;
  nowMs: number;
}) {
  if (award.paidWei !== null || !reader) return null;
  const { number, fundedWei, terms } = bounty.onChain!;
  if (nowMs >= award.payableAt.getTime())
    return <PayAward number={number} award={award.number} payees={award.payees} />;
  const givenWei = bounty.sponsors.find(({ address }) => address === reader)?.givenWei ?? 0n;
  const partWei = objectionWei(award, givenWei, fundedWei, terms.firmBps);
  const hasObjected = award.objections.some(({ sponsor }) => sponsor === reader);
  if (partWei === 0n || hasObjected) return null;
  return <ObjectForm number={number} award={award.number} partWei={partWei} />;
}
