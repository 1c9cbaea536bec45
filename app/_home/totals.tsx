import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { Totals as TotalsData } from '#lib/explorer/types.ts';

/** Five figures, each a link to the very query that counts it. */
export function Totals({ totals }: { totals: TotalsData }) {
  return (
    <StatRow>
      <Stat
        label="Paid to contributors"
        value={<Amount wei={totals.paidWei} digits={2} />}
        note="claimed into wallets"
        href="/explorer?kind=claims"
      />
      <Stat label="Earners" value={totals.earners} note="accounts in settled periods" href="/explorer?kind=earners" />
      <Stat
        label="Paid answers"
        value={totals.independentAnswers}
        note={`by ${totals.independentPayers} independent ${totals.independentPayers === 1 ? 'payer' : 'payers'}`}
        href="/explorer?kind=independent"
      />
      <Stat
        label="Active Datanets"
        value={totals.activeDatanets}
        note="on chain, in use this month"
        href="/explorer?kind=datanets"
      />
      <Stat label="Live models" value={totals.liveModels} note="published on chain" href="/explorer?kind=models" />
    </StatRow>
  );
}
