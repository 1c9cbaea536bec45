import type { Abi } from 'viem';
import type { ContractName } from './contracts.ts';

/**
 * By which argument an event is looked up (`chain_events.subject`, indexed together with the event's name). What is not
 * listed goes by its `id`, else by its first indexed argument. `BatchAccepted` gets its `root` from the `BatchProposed` of
 * the batch.
 */
const subjectArgs: Partial<Record<ContractName, Record<string, string>>> = {
  openToken: { Transfer: 'to', '*': 'owner' },
  faucet: { Dripped: 'to' },
  datanetRegistry: {
    DatanetCreated: 'metaCid', // the hash of the Datanet's metadata, which ties it to its row in `datanets`
    BatchProposed: 'root',
    BatchAccepted: 'root',
    RoleSet: 'account',
    RecordRetired: 'leaf',
    DuplicateProven: 'leaf',
    DuplicateMoved: 'leaf',
    DuplicateRebutted: 'leaf',
    DuplicateSlashed: 'leaf',
  },
  identityRegistry: { ValidationRequest: 'agentId', ValidationResponse: 'agentId' },
  modelRegistry: { VersionPublished: 'versionHash', ModelRegistered: 'metaCid' },
  openGovernor: {
    ProposalCreated: 'proposalId',
    ProposalExtended: 'proposalId',
    ProposalQueued: 'proposalId',
    ProposalExecuted: 'proposalId',
    ProposalCanceled: 'proposalId',
    VoteCast: 'proposalId',
    VoteCastWithParams: 'proposalId',
  },
  inferenceChannels: { Settled: 'receiver', OperatorSet: 'receiver' }, // all others: the channel's id
  bounties: { BountyOpened: 'goalHash' }, // all others: the bounty's id
  revenueRouter: { Flushed: 'ref' },
  attributionLedger: {
    EpochSubmitted: 'earningsRoot', // the reward period's `root`; other epoch events go by epoch id
    Claimed: 'account',
    RecipientSet: 'account',
    Funded: 'from',
    BondPosted: 'account',
    BondWithdrawn: 'account',
    BondSlashed: 'publisher',
  },
};

/** The argument's name for one event; '' when it has none to go by. */
export function subjectArgOf(contract: { name: ContractName; abi: Abi }, eventName: string): string {
  const listed = subjectArgs[contract.name];
  const named = listed?.[eventName] ?? listed?.['*'];
  if (named !== undefined) return named;
  const event = contract.abi.find((item) => item.type === 'event' && item.name === eventName);
  const inputs = event?.type === 'event' ? event.inputs : [];
  return (inputs.find(({ name }) => name === 'id') ?? inputs.find(({ indexed }) => indexed))?.name ?? '';
}
