import { zeroAddress } from 'viem';
import type { ContractName } from '#lib/platform/indexer/contracts.ts';

/** An event that says that OPEN entered or left its contract: by how much says the argument `amount`. */
export type TokenFlow = {
  contract: ContractName;
  event: string;
  entered: boolean;
  amount: string;
  /** Counts only where this argument has this value. */
  only?: readonly [arg: string, value: string];
  /** The amount is for each element of this list. */
  forEach?: string;
};

const flow =
  (entered: boolean) =>
  (
    contract: ContractName,
    event: string,
    amount = 'amount',
    rest: Pick<TokenFlow, 'only' | 'forEach'> = {},
  ): TokenFlow => ({ contract, event, entered, amount, ...rest });
const [enters, leaves] = [flow(true), flow(false)];

/**
 * Every way of OPEN into and out of a contract that keeps it for others. The router and the zap are not here: what lies in
 * them between two transactions is owed to nobody.
 */
export const tokenFlows: readonly TokenFlow[] = [
  enters('inferenceChannels', 'Deposited'),
  leaves('inferenceChannels', 'Withdrawn'),
  leaves('inferenceChannels', 'Refunded'),
  leaves('inferenceChannels', 'Settled'),
  enters('attributionLedger', 'Funded'),
  leaves('attributionLedger', 'Claimed'),
  enters('attributionLedger', 'BondPosted'),
  leaves('attributionLedger', 'BondWithdrawn'),
  enters('attributionLedger', 'EpochChallenged', 'bond'),
  leaves('attributionLedger', 'BondSlashed'),
  enters('attributionLedger', 'BondSlashed', 'reward'), // the challenger's part stays
  enters('stakePools', 'Staked'),
  enters('stakePools', 'Rewarded'),
  leaves('stakePools', 'Withdrawn'),
  leaves('stakePools', 'Harvested'),
  leaves('stakePools', 'Slashed', 'taken'),
  leaves('stakePools', 'AccountSlashed', 'taken'),
  leaves('stakePools', 'Swept'),
  enters('validatorSet', 'TaskRequested', 'fee', { forEach: 'validators' }),
  leaves('validatorSet', 'VerdictRevealed', 'fee'),
  leaves('validatorSet', 'TaskRefunded'),
  enters('disputeCourt', 'CaseOpened', 'bond'),
  enters('disputeCourt', 'Appealed', 'bond'),
  enters('disputeCourt', 'CaseExecuted', 'taken'), // what a pool was slashed by comes here and is credited
  leaves('disputeCourt', 'Withdrawn'),
  enters('emissionController', 'Funded'),
  leaves('emissionController', 'Released'),
  leaves('emissionController', 'Granted'),
  enters('governanceOpen', 'Transfer', 'value', { only: ['from', zeroAddress] }),
  leaves('governanceOpen', 'Transfer', 'value', { only: ['to', zeroAddress] }),
];
