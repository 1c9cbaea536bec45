import { Amount } from '#components/ui/amount.tsx';
import { Term } from '#components/ui/term.tsx';
import { yearlyYield } from '#lib/staking/rules.ts';
import type { PaidIn } from '#lib/staking/types.ts';
import { percent } from './percent.ts';

/** What stakers got within the last month, apart by where it came from, and what that is in a year for today's stake. */
export function YieldSplit({ paidIn, stakedWei }: { paidIn: PaidIn; stakedWei: bigint }) {
  const yearly = yearlyYield(paidIn, stakedWei);
  const parts = [
    {
      name: <Term explain="Paid out of what users paid for answers. It lasts as long as they ask.">From fees</Term>,
      key: 'fees',
      wei: paidIn.feesWei,
      bps: yearly?.feesBps,
    },
    {
      name: (
        <Term explain="Released from the protocol’s own fixed allocation, which shrinks by 2 % a week. It ends.">
          From emissions
        </Term>
      ),
      key: 'emissions',
      wei: paidIn.emissionsWei,
      bps: yearly?.emissionsBps,
    },
  ];
  return (
    <dl className="grid grid-cols-1 gap-x-8 gap-y-4 sm:grid-cols-2">
      {parts.map((part) => (
        <div key={part.key} className="flex flex-col gap-1">
          <dt className="label-small">{part.name}</dt>
          <dd className="figures text-2xl">{part.bps === undefined ? '–' : percent(part.bps)}</dd>
          <dd className="text-xs text-muted">
            <Amount wei={part.wei} /> in the last month{part.bps === undefined && '; nobody is staked now'}
          </dd>
        </div>
      ))}
    </dl>
  );
}
