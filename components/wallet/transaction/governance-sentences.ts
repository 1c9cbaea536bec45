import { clock, open, percent, type Sentence } from './sentence-parts.ts';

/** Errors of the Governor, its timelocks, GOPEN, Params, Directory, the Guardian and the zap. */
export const governanceSentences: Record<string, Sentence> = {
  // OpenGovernor, by OpenZeppelin
  GovernorAlreadyCastVote: () => 'You have voted on this proposal already, and a vote cannot be changed.',
  GovernorAlreadyQueuedProposal: () =>
    'This proposal waits in its timelock already. Reload the page to see until when.',
  GovernorConfigInvalid: () => 'The Governor was given settings that it refuses.',
  GovernorDisabledDeposit: () => 'The Governor takes no coins itself. Send them to the timelock.',
  GovernorInsufficientProposerVotes: ([, votes, threshold]) =>
    `You have ${open(votes)} of voting power and a proposal needs ${open(threshold)}. Wrap and delegate the rest.`,
  GovernorInvalidProposalLength: () => 'The proposal is empty or its parts do not fit together. Make it again.',
  GovernorInvalidSignature: () => 'The vote was signed by another account. Sign it with the account that votes.',
  GovernorInvalidVoteParams: () => 'This kind of vote does not exist here. Vote for, against or abstain.',
  GovernorInvalidVoteType: () => 'This kind of vote does not exist here. Vote for, against or abstain.',
  GovernorInvalidVotingPeriod: () => 'A voting period of this length is not possible.',
  GovernorNonexistentProposal: () => 'The chain knows no such proposal yet. Wait a moment and reload the page.',
  GovernorOnlyExecutor: () => 'Only a decision that has passed its timelock may do this.',
  GovernorPreventLateQuorumVoteExtensionTooLarge: () => 'The extension is longer than the voting itself.',
  GovernorProposalQueueingFailed: () => 'The timelock did not take this proposal. Reload the page to see its state.',
  GovernorProposalQueueingNotRequired: () => 'This proposal needs no waiting time and can be executed.',
  GovernorRestrictedProposer: () => 'The text of this proposal reserves it for another proposer. Change the text.',
  GovernorUnableToCancel: () =>
    'You may not cancel this proposal now: its proposer may before the vote, the guardian after.',
  GovernorUnexpectedProposalState: () =>
    'The proposal is not at this step now. Reload the page to see where it stands.',
  // OpenTimelock, by OpenZeppelin
  AccessControlBadConfirmation: () => 'A right can be given up only by the account that has it.',
  AccessControlUnauthorizedAccount: () => 'Your account does not have the right to do this. Only a decision may.',
  TimelockDelayTooShort: ([, floor]) => `The waiting time may not be shorter than ${Number(floor)} seconds.`,
  TimelockInsufficientDelay: ([, least]) => `Decisions wait for at least ${Number(least)} seconds.`,
  TimelockInvalidOperationLength: () => 'The parts of this decision do not fit together. Make it again.',
  TimelockUnauthorizedCaller: () => 'Only the timelock itself may change this.',
  TimelockUnexecutedPredecessor: () => 'Another decision must be executed before this one.',
  TimelockUnexpectedOperationState: () => 'The waiting time is not over, or it was executed already. Reload the page.',
  // Params
  ParamConfigInvalid: () => 'The parameters were given settings that they refuse.',
  ParamForbidden: () => 'Only a decision that waited in the fast timelock may change a parameter.',
  ParamMatchAboveFee: ([match, fee]) =>
    `The emission match of ${percent(match)} would be above the protocol fee of ${percent(fee)}, which would reward paying oneself.`,
  ParamOutOfBounds: ([, value, least, most]) => `${value} is outside the fixed bounds from ${least} to ${most}.`,
  ParamUnknown: () => 'There is no parameter of this name.',
  // Directory and Guardian
  DirectoryForbidden: () => 'Only a decision that waited in the slow timelock may change who plays which part.',
  DirectoryLengthsDiffer: () => 'There must be as many names as contracts.',
  DirectoryNotContract: () => 'There is no contract at this address, so it cannot play this part.',
  DirectoryOwnerInvalid: () => 'The directory must have an owner.',
  DirectorySunsetInvalid: () => 'A contract can be retired only from now or later on, and only once.',
  GuardianForbidden: () => 'Only the guardian may do this.',
  GuardianHolderInvalid: () => 'The guardian must be somebody.',
  GuardianLapsed: ([ended]) => `The guardian’s term ended on ${clock(ended)}. Only a decision can renew it.`,
  // GuardianPause
  PauseActive: ([until]) => `New money is not taken until ${clock(until)}. What you have you can take out meanwhile.`,
  PauseCoolingDown: ([until]) => `After a pause nobody can pause again before ${clock(until)}.`,
  PauseForbidden: () => 'Only the guardian may pause.',
  PauseNotActive: () => 'Nothing is paused, so nothing can be taken up again.',
  SunsetNotDeclared: () => 'This contract was not retired, so it cannot be closed.',
  SunsetReached: () => 'This contract was retired and takes nothing new. What you have in it you can take out.',
  // GOPEN and NativeZap
  GovernanceOpenTokenNotExact: () => 'The token moved another amount than asked, so it was not wrapped.',
  ERC20InvalidUnderlying: () => 'This token cannot be wrapped here.',
  ERC6372InconsistentClock: () => 'The token’s clock is broken. Nothing was sent.',
  ZapNothingSent: () => 'No coins came with this call. Send the amount that you want to use.',
  ZapOnlyFromWrapper: () => 'Coins can be sent here only as part of a call.',
};
