import type { EventRow } from '#lib/explorer/types.ts';
import { economySentences } from './economy-sentences.tsx';
import { clock, type EventSentence, open, root, who } from './event-parts.tsx';

/** What an event means, by `contract.name`. */
const sentences: Record<string, EventSentence> = {
  ...economySentences,
  'attributionLedger.Claimed': (a) => (
    <>
      {who(a.account)} claimed {open(a.amount)} from period {String(a.id)}
    </>
  ),
  'attributionLedger.EpochSubmitted': (a) => (
    <>
      Period {String(a.id)} posted: {open(a.total)} in all, open for claims {clock(a.activeAt)}
    </>
  ),
  'attributionLedger.EpochChallenged': (a) => (
    <>
      {who(a.challenger)} challenged period {String(a.id)}
    </>
  ),
  'attributionLedger.EpochRevoked': (a) => <>Period {String(a.id)} was revoked</>,
  'attributionLedger.Funded': (a) => <>{open(a.amount)} came in to be paid out</>,
  'attributionLedger.BondPosted': (a) => (
    <>
      {who(a.account)} posted a bond of {open(a.amount)}
    </>
  ),
  'revenueRouter.Flushed': (a) => (
    <>
      {open(a.amount)} of income passed on, {open(a.fee)} of it protocol fee
    </>
  ),
  'inferenceChannels.Opened': (a) => <>{who(a.payer)} opened a payment channel</>,
  'inferenceChannels.Deposited': (a) => (
    <>
      {who(a.from)} deposited {open(a.amount)}
    </>
  ),
  'inferenceChannels.Claimed': (a) => (
    <>
      {open(a.amount)} taken for answers from channel {root(a.id)}
    </>
  ),
  'inferenceChannels.Settled': (a) => <>{open(a.amount)} of channel income sent on</>,
  'inferenceChannels.WithdrawRequested': (a) => (
    <>
      Withdrawal of {open(a.amount)} requested, ready {clock(a.withdrawAt)}
    </>
  ),
  'inferenceChannels.Withdrawn': (a) => (
    <>
      {who(a.payer)} withdrew {open(a.amount)}
    </>
  ),
  'inferenceChannels.Refunded': (a) => (
    <>
      {open(a.amount)} given back to {who(a.payer)}
    </>
  ),
  'datanetRegistry.DatanetCreated': (a) => (
    <>
      {who(a.owner)} registered Datanet {String(a.id)}
    </>
  ),
  'datanetRegistry.BatchProposed': (a) => (
    <>
      {String(a.count)} rows proposed for Datanet {String(a.id)}, root {root(a.root)}
    </>
  ),
  'datanetRegistry.BatchAccepted': (a) => (
    <>
      Version {String(a.version)} of Datanet {String(a.id)} is fixed, head {root(a.head)}
    </>
  ),
  'modelRegistry.ModelRegistered': (a) => (
    <>
      {who(a.owner)} registered model {String(a.id)}
    </>
  ),
  'modelRegistry.VersionPublished': (a) => (
    <>
      Version {String(a.number)} of model {String(a.id)} is live, {root(a.versionHash)}
    </>
  ),
  'inferenceChannels.OperatorSet': (a) => (
    <>
      {who(a.operator)} {a.allowed === true ? 'may' : 'may no longer'} claim for {who(a.receiver)}
    </>
  ),
  'faucet.Dripped': (a) => (
    <>
      The faucet gave {open(a.amount)} to {who(a.to)}
    </>
  ),
};

/** One event as a sentence; an event without its own says its name and arguments. */
export function EventText({ row }: { row: EventRow }) {
  const sentence = sentences[`${row.contract}.${row.name}`];
  if (sentence) return <span>{sentence(row.args)}</span>;
  const facts = Object.entries(row.args).map(([name, value]) => `${name} ${value}`);
  return (
    <span className="line-clamp-2 break-all text-muted" title={facts.join('\n')}>
      {row.contract}: {facts.join(', ')}
    </span>
  );
}
