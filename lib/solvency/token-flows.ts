import type { ContractName } from '#lib/platform/indexer/contracts.ts';

/** Which argument of an event says how much OPEN entered its contract, and which how much left it; the difference counts. */
export type TokenFlow = { enters?: string; leaves?: string };

/**
 * Every way of OPEN into and out of a contract that keeps it for others. The router and the zap are not here: what lies in
 * them between two transactions is owed to nobody.
 */
export const tokenFlows: Partial<Record<ContractName, Record<string, TokenFlow>>> = {
  inferenceChannels: {
    Deposited: { enters: 'amount' },
    Withdrawn: { leaves: 'amount' },
    Refunded: { leaves: 'amount' },
    Settled: { leaves: 'amount' },
  },
  attributionLedger: {
    Funded: { enters: 'amount' },
    Claimed: { leaves: 'amount' },
    BondPosted: { enters: 'amount' },
    BondWithdrawn: { leaves: 'amount' },
    EpochChallenged: { enters: 'bond' },
    BondSlashed: { leaves: 'amount', enters: 'reward' }, // the challenger's part stays
  },
};
