import Link from 'next/link';
import { parsePool } from '#lib/staking/rules.ts';
import { clock, type EventSentence, open, who } from './event-parts.tsx';

/** "Datanet 7", "model 3", or a validator's address, as a link to the pool. */
const pool = (value: unknown) => {
  const named = parsePool(String(value));
  if (!named) return String(value);
  return (
    <Link className="link" href={`/staking/${value}`}>
      {named.kind === 'validator' ? who(named.id) : `${named.kind === 'datanet' ? 'Datanet' : 'model'} ${named.id}`}
    </Link>
  );
};
const share = (bps: unknown) => `${Number(bps) / 100} %`;
const proposal = (id: unknown) => (
  <Link className="link" href={`/governance/${id}`}>
    proposal {String(id).slice(0, 6)}…
  </Link>
);
const choices = ['against', 'for', 'as an abstention on'];

/** What events of staking, governance and accounts mean, by `contract.name`. */
export const economySentences: Record<string, EventSentence> = {
  'stakePools.Staked': (a) => (
    <>
      {who(a.account)} staked {open(a.amount)} on {pool(a.pool)}
    </>
  ),
  'stakePools.Unbonding': (a) => (
    <>
      {who(a.account)} leaves {pool(a.pool)} with {open(a.amount)}
    </>
  ),
  'stakePools.Withdrawn': (a) => (
    <>
      {who(a.account)} withdrew {open(a.amount)} from {pool(a.pool)}
    </>
  ),
  'stakePools.Harvested': (a) => (
    <>
      {who(a.account)} collected {open(a.amount)} of rewards from {pool(a.pool)}
    </>
  ),
  'stakePools.Rewarded': (a) => (
    <>
      {open(a.amount)} of {Number(a.source) === 1 ? 'emissions' : 'fees'} will be paid to {pool(a.pool)} until{' '}
      {clock(a.end)}
    </>
  ),
  'stakePools.Slashed': (a) => (
    <>
      {open(a.taken)} ({share(a.bps)}) taken from everybody in {pool(a.pool)}
    </>
  ),
  'stakePools.AccountSlashed': (a) => (
    <>
      {open(a.taken)} ({share(a.bps)}) taken from {who(a.account)} in {pool(a.pool)}
    </>
  ),
  'validatorSet.ValidatorRegistered': (a) => <>{who(a.validator)} became a validator</>,
  'validatorSet.ValidatorLeft': (a) => <>{who(a.validator)} is no validator any more</>,
  'validatorSet.EquivocationProven': (a) => <>Two verdicts of validator {who(a.validator)} for one task were proven</>,
  'openGovernor.ProposalCreated': (a) => (
    <>
      {who(a.proposer)} made {proposal(a.proposalId)}:{' '}
      {String(a.description)
        .split('\n')[0]
        ?.replace(/^#+\s*/, '')}
    </>
  ),
  'openGovernor.VoteCast': (a) => (
    <>
      {who(a.voter)} voted {choices[Number(a.support)] ?? 'on'} {proposal(a.proposalId)} with {open(a.weight)}
    </>
  ),
  'openGovernor.ProposalQueued': (a) => (
    <>
      {proposal(a.proposalId)} waits in its timelock until {clock(a.etaSeconds)}
    </>
  ),
  'openGovernor.ProposalExecuted': (a) => <>{proposal(a.proposalId)} was executed</>,
  'openGovernor.ProposalCanceled': (a) => <>{proposal(a.proposalId)} was cancelled</>,
  'governanceOpen.DelegateChanged': (a) => (
    <>
      {who(a.delegator)} lets {who(a.toDelegate)} vote
    </>
  ),
  'openToken.Transfer': (a) => (
    <>
      {who(a.from)} sent {open(a.value)} to {who(a.to)}
    </>
  ),
  'openToken.Approval': (a) => (
    <>
      {who(a.owner)} allowed {who(a.spender)} to take {open(a.value)}
    </>
  ),
  'attributionLedger.RecipientAnnounced': (a) => (
    <>
      Claims of {who(a.account)} shall go to {who(a.to)} from {clock(a.readyAt)} on
    </>
  ),
  'attributionLedger.RecipientSet': (a) => (
    <>
      Claims of {who(a.account)} go to {who(a.recipient)}
    </>
  ),
  'attributionLedger.ChangeCancelled': (a) => (
    <>
      {who(a.by)} took the change of where claims of {who(a.account)} go back
    </>
  ),
  'attributionLedger.RecoverySet': (a) => (
    <>
      {who(a.recovery)} may rescue the earnings of {who(a.account)}
    </>
  ),
};
