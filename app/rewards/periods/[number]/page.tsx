import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { ChallengeEpoch } from '#components/challenges/challenge-epoch.tsx';
import { Page } from '#components/layout/page.tsx';
import { PeriodParts } from '#components/rewards/period-parts.tsx';
import { PeriodStatus } from '#components/rewards/periods-table.tsx';
import { PoolPayout } from '#components/rewards/pool-payout.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { PeriodNotFoundError } from '#lib/rewards/errors.ts';
import { getPoolPayout } from '#lib/rewards/get-pool-payout.ts';
import { listPeriodParts } from '#lib/rewards/list-period-parts.ts';
import { getPeriod } from '#lib/rewards/queries.ts';
import { readChallengeBond } from '../../_data.ts';

const challengeIntro =
  'Until it is claimable anybody who recomputes this period and finds it wrong can freeze it on chain. A single wrong receipt is better challenged on its own page, which costs nothing.';

type Props = { params: Promise<{ number: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Reward period ${(await params).number}` };
}

/** One reward period: sums, state, roots and how to recompute it. */
export default async function PeriodPage({ params }: Props) {
  const number = Number((await params).number);
  if (!Number.isSafeInteger(number) || number < 1) notFound();
  const period = await getPeriod(buildDeps(), number).catch((error) => {
    if (error instanceof PeriodNotFoundError) notFound();
    throw error;
  });
  const bondWei = period.state === 'pending' ? await readChallengeBond() : null;
  const parts = await listPeriodParts(buildDeps().db, period.id);
  const payout = await getPoolPayout(buildDeps().db, period.id);
  const proofs: [string, string | null][] = [
    ['Earnings root', period.root],
    ['Receipts root', period.receiptsRoot],
    ['Data file', period.dataKey],
    ['Transaction', period.txHash],
  ];
  return (
    <Page
      title={`Reward period ${period.number}`}
      eyebrow={<Link href="/rewards">Rewards</Link>}
      actions={<PeriodStatus period={period} />}
    >
      <StatRow>
        <Stat label="Paid answers" value={period.receiptCount} />
        <Stat label="Fees" value={<Amount wei={period.grossWei} digits={6} />} />
        <Stat label="Protocol fee" value={<Amount wei={period.protocolFeeWei} digits={6} />} />
        <Stat label="To earners" value={<Amount wei={period.netWei} digits={6} />} />
      </StatRow>
      {parts.length > 0 && (
        <Section title="Where it goes">
          <PeriodParts parts={parts} />
        </Section>
      )}
      {parts.length > 0 && (
        <Section
          title="Stake pools"
          intro="What went to the stakers of the Datanets that these answers learnt from, and what emissions added: never more than the protocol fees that those answers paid."
        >
          <PoolPayout payout={payout} state={period.state} />
        </Section>
      )}
      <Section
        title="Proof"
        intro="Anyone with the data file and a node of the chain gets the same root, or is told the first difference."
      >
        <dl className="mb-6 grid grid-cols-1 gap-x-6 gap-y-1 text-sm md:grid-cols-[10rem_1fr]">
          {proofs.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0">{value ? <Hash value={value} full /> : 'not sent yet'}</dd>
            </div>
          ))}
        </dl>
        {period.epochId !== null && <CodeBlock label="recompute" code={`npm run verify-epoch -- ${period.epochId}`} />}
      </Section>
      {period.epochId !== null && bondWei !== null && (
        <Section title="Challenge" intro={challengeIntro}>
          <ChallengeEpoch epochId={period.epochId} bondWei={bondWei} />
        </Section>
      )}
    </Page>
  );
}
