import { durationWords } from '#components/staking/duration-words.ts';
import { percent } from '#components/staking/percent.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { BountySummary } from '#lib/bounties/types.ts';

/** The figures that the contract holds to. */
export function TermsFacts({
  onChain,
  kind,
  nowMs,
  isMissed,
}: {
  onChain: NonNullable<BountySummary['onChain']>;
  kind: 'data' | 'run';
  nowMs: number;
  /** The target was missed: nothing is awarded any more. */
  isMissed: boolean;
}) {
  const { terms, fundedWei, awardedWei } = onChain;
  const ends = (what: string, at: Date) => `${what} ${at.getTime() < nowMs ? 'ended' : 'end'}`;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat
          label="Given"
          value={<Amount wei={fundedWei} />}
          note={
            terms.targetWei > 0n && (
              <>
                target <Amount wei={terms.targetWei} />
              </>
            )
          }
        />
        <Stat label="Awarded" value={<Amount wei={awardedWei} />} />
        {kind === 'data' && <Stat label="For a row" value={<Amount wei={terms.unitWei} />} />}
        {terms.judge && <Stat label="Judge" value={<Address address={terms.judge} copy={false} />} />}
      </StatRow>
      <StatRow>
        <Stat
          label={ends('Gifts', terms.fundUntil)}
          value={<TimeAgo at={terms.fundUntil} />}
          note={<TimeAgo at={terms.fundUntil} mode="date" />}
        />
        {!isMissed && (
          <Stat
            label={ends('Awards', terms.deadline)}
            value={<TimeAgo at={terms.deadline} />}
            note={<TimeAgo at={terms.deadline} mode="date" />}
          />
        )}
        {!isMissed && (
          <Stat
            label="Time to object"
            value={durationWords(terms.windowSeconds)}
            note={`${percent(terms.firmBps)} of an award stays, whoever objects`}
          />
        )}
      </StatRow>
    </div>
  );
}
