import { TakeRefund } from '#components/bounties/award-actions.tsx';
import { AwardRows } from '#components/bounties/award-rows.tsx';
import { AwardRun } from '#components/bounties/award-run.tsx';
import { GiveForm } from '#components/bounties/give-form.tsx';
import { OpenForm } from '#components/bounties/open-form.tsx';
import { percent } from '#components/staking/percent.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import type { loadBounty } from '../_data.ts';
import { prepareRowAwardAction, prepareRunAwardAction } from '../actions.ts';

type Data = NonNullable<Awaited<ReturnType<typeof loadBounty>>>;

/** What the reader can do with a bounty now. */
export function BountyPart({ data }: { data: Data }) {
  const { bounty, reader } = data;
  if (!reader) {
    if (bounty.state === 'over') return null;
    return (
      <EmptyState title="Give, award or take back here." action={<ConnectButton label="Connect wallet" />}>
        Everything on this page can be read without a wallet.
      </EmptyState>
    );
  }
  if (bounty.state === 'unopened') return <Opening data={data} />;
  const { number, terms } = bounty.onChain!;
  if (bounty.state === 'funding') {
    return (
      <Section title="Give">
        <GiveForm number={number} balanceWei={data.balanceWei} firm={percent(terms.firmBps)} />
      </Section>
    );
  }
  if (bounty.state === 'awarding') return <Awarding data={data} />;
  const own = bounty.sponsors.find(({ address }) => address === reader);
  if (!own || own.refundedWei !== null) return null;
  return (
    <Section title="Your money">
      <TakeRefund number={number} account={reader} />
    </Section>
  );
}

function Opening({ data: { bounty, reader, registryId, minWindowSeconds } }: { data: Data }) {
  if (bounty.author !== reader) {
    return (
      <p className="text-muted">The author has put no money behind this goal yet; only they can open it on chain.</p>
    );
  }
  if (bounty.kind === 'data' && registryId === null) {
    return (
      <p className="text-muted">The Datanet must be registered on chain by its owner before a bounty can be opened.</p>
    );
  }
  return (
    <Section
      title="Put money behind it"
      intro="Terms are fixed from the opening on. Others can add money until the days for gifts are over."
    >
      <OpenForm
        goalId={bounty.id}
        goalHash={bounty.goalHash}
        kind={bounty.kind}
        registryId={registryId}
        minWindowSeconds={minWindowSeconds}
      />
    </Section>
  );
}

function Awarding({ data: { bounty, reader, awardable } }: { data: Data }) {
  const { terms, fundedWei, awardedWei } = bounty.onChain!;
  if (bounty.kind === 'run') {
    if (terms.judge !== reader || awardedWei > 0n) return null;
    return (
      <Section title="Award">
        <AwardRun bountyId={bounty.id} prepare={prepareRunAwardAction} />
      </Section>
    );
  }
  if (!awardable) return null;
  return (
    <Section
      title="Award rows"
      intro="Accepted rows of the newest version on chain that came after the opening. Of the newest 200; names without a wallet cannot be paid yet."
    >
      {awardable.rows.length > 0 ? (
        <AwardRows
          bountyId={bounty.id}
          rows={awardable.rows}
          unitWei={terms.unitWei}
          leftWei={fundedWei - awardedWei}
          prepare={prepareRowAwardAction}
        />
      ) : (
        <p className="text-muted">
          {awardable.problem ?? 'No row came after the opening, or none is in a version on chain yet.'}
        </p>
      )}
    </Section>
  );
}
