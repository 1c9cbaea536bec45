import type { ContractName } from './contracts.ts';

/**
 * By which argument an event is looked up (`chain_events.subject`, indexed together with the event's name). Events of
 * one contract that are not listed use their `id`. `BatchAccepted` gets its `root` from the `BatchProposed` of the batch.
 */
const subjectArgs: Record<ContractName, Record<string, string>> = {
  openToken: { Transfer: 'to', '*': 'owner' },
  faucet: { Dripped: 'to' },
  datanetRegistry: {
    DatanetCreated: 'metaCid', // the hash of the Datanet's metadata, which ties it to its row in `datanets`
    BatchProposed: 'root',
    BatchAccepted: 'root',
    RoleSet: 'account',
  },
  modelRegistry: { VersionPublished: 'versionHash', ModelRegistered: 'metaCid' },
  inferenceChannels: { Settled: 'receiver', OperatorSet: 'receiver' }, // all others: the channel's id
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

/** The argument's name for one event. */
export function subjectArgOf(contract: ContractName, eventName: string): string {
  return subjectArgs[contract][eventName] ?? subjectArgs[contract]['*'] ?? 'id';
}
