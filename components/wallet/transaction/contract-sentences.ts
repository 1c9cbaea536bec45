import { bountySentences } from './bounty-sentences.ts';
import { governanceSentences } from './governance-sentences.ts';
import { identitySentences } from './identity-sentences.ts';
import { clock, open, percent, type Sentence } from './sentence-parts.ts';
import { stakingSentences } from './staking-sentences.ts';

/**
 * What each custom error of our contracts means for the person who meets it, and what to do. The test holds this list
 * against the ABIs, so that no error stays without its sentence.
 */
export const contractSentences: Record<string, Sentence> = {
  ...bountySentences,
  ...governanceSentences,
  ...identitySentences,
  ...stakingSentences,
  // AttributionLedger
  LedgerAlreadyChallenged: () => 'This payment window is challenged already. Its dispute is decided first.',
  LedgerBondLocked: ([until]) => `The bond is locked until ${clock(until)}. Try again after that.`,
  LedgerBondTooLow: ([have, need]) => `The bond is ${open(have)} and must be ${open(need)}. Add the difference first.`,
  LedgerConfigInvalid: () => 'The ledger was given settings that it refuses. Check the addresses and windows.',
  LedgerDisputeNotExpired: ([at]) => `The dispute can be closed this way only after ${clock(at)}.`,
  LedgerDisputed: () => 'Payments wait while a dispute is open. Your amount is kept; try again when it is decided.',
  LedgerEpochNotActive: () =>
    'This payment window is not open for claims yet, or was revoked. See Rewards for its clock.',
  LedgerEpochNotPending: () => 'This payment window is past the step that you are asking for. Reload the page.',
  LedgerForbidden: () => 'Your account is not allowed to do this on the ledger. Use the account that holds the right.',
  LedgerNoConflict: () => 'These two entries do not contradict each other, so there is nothing to prove.',
  LedgerNotChallenged: () => 'Nobody has challenged this payment window, so there is nothing to decide.',
  LedgerNotHead: () => 'A newer payment window was posted meanwhile. Reload the page and try again.',
  LedgerNothingToClaim: () => 'Everything up to this payment window was claimed already. Nothing is missing.',
  LedgerOverTotal: () => 'This claim is more than the window may pay. Reload the page; if it stays, report it.',
  LedgerProofInvalid: () => 'The proof does not fit the posted root. Reload the page, which fetches a fresh proof.',
  LedgerTokenNotExact: () => 'The token moved another amount than asked, so the ledger refused it.',
  LedgerTooManyPending: () => 'Too many payment windows wait for their clock. Try again when one has passed.',
  LedgerTooSoon: ([earliest]) => `This is possible from ${clock(earliest)}. Try again then.`,
  LedgerTotalFell: () => 'The new total is below the last one, which can never be. Nothing was posted.',
  LedgerTotalNotFunded: ([total, funded]) =>
    `The ledger holds ${open(funded)} and the window promises ${open(total)}. It must be funded first.`,
  LedgerChangeNotReady: ([at]) => `The change takes effect from ${clock(at)} on. Confirm it then.`,
  LedgerHandleUnbound: () => 'These earnings belong to a name without a wallet. Bind the name to your wallet first.',
  LedgerNoChange: () => 'No change of this account is under way.',
  LedgerNotController: () => 'Only the account itself, or where its earnings go by now, may change this.',
  LedgerRecipientFixed: () => 'The earnings of this account go to a fixed address. Use the account that receives them.',
  LedgerRecipientInvalid: () => 'Earnings cannot go to this address. Choose another.',
  LedgerRotationForbidden: () => 'This account moves its earnings itself, so nobody else may ask for that.',
  LedgerRotationPending: () => 'This account is being moved to another wallet. Claims wait until that is decided.',
  LedgerSequencerUnsteady: ([until]) => `The network was down. Windows go on from ${clock(until)}.`,
  LedgerSignatureExpired: ([at]) => `The signature was good until ${clock(at)}. Sign again.`,
  LedgerSignatureInvalid: () => 'The signature is not of the account that had to sign. Sign with the right one.',
  ReceiptFieldInvalid: () => 'This receipt has a field that contracts cannot read.',
  // DatanetRegistry
  DatanetAccessUnknown: () => 'This kind of access does not exist. Choose one of the offered ones.',
  DatanetAlreadySlashed: () => 'The one who proposed this batch was slashed for it already.',
  DatanetApprovalInvalid: () => 'A curator’s approval does not fit this batch. Collect the approvals again.',
  DatanetApprovalsUnsorted: () => 'The approvals are in the wrong order. Reload the page and try again.',
  DatanetBatchNotPending: () => 'This batch was decided already. Reload the page to see how.',
  DatanetClosed: () => 'This Datanet is closed and takes no more rows.',
  DatanetDuplicateKnown: () => 'This row was proven to be a duplicate already.',
  DatanetDuplicateUnknown: () => 'Nobody has claimed that this row is a duplicate.',
  DatanetEmptyBatch: () => 'There are no rows in this batch. Accept some rows first.',
  DatanetForbidden: () => 'Only the owner or a curator of this Datanet may do this. Use that account.',
  DatanetNoDuplicate: () => 'These two rows are not the same, so there is nothing to prove.',
  DatanetNotAdmitted: () => 'This Datanet admits only who is on its list or holds its token.',
  DatanetNotContributor: () => 'Only the contributor of this row may do this. Use that account.',
  DatanetNotMember: () => 'Only members may do this. Join the Datanet first.',
  DatanetNotMoved: () => 'This Datanet can move only to the registry that follows this one, once this one has ended.',
  DatanetPartMissing: () => 'A contract that this needs is not deployed here.',
  DatanetPolicyInvalid: () => 'The rules of this Datanet contradict each other. Check the quorum and the window.',
  DatanetProofInvalid: () => 'The proof does not fit the batch. Reload the page, which fetches a fresh proof.',
  DatanetQuorumMissing: ([have, need]) => `${have} of ${need} curators have approved. The rest must approve first.`,
  DatanetQuorumUnreachable: ([have, need]) =>
    `There would be ${have} curators on chain and ${need} must approve: nothing could come in any more. Name another curator or lower the number first.`,
  DatanetRebuttalOpen: ([until]) => `Anyone may answer this proof until ${clock(until)}. It can be decided after that.`,
  DatanetRecordRetired: () => 'This row was taken out already.',
  DatanetRegistryClosed: () => 'This registry was replaced. Use its successor.',
  DatanetReviewOpen: ([until]) => `The review is open until ${clock(until)}. It can be accepted after that.`,
  DatanetRolesInvalid: () => 'These roles cannot be given together. Choose others.',
  DatanetStakeMissing: ([have, need]) =>
    `You have ${open(have)} at stake here and members need ${open(need)}. Stake the rest.`,
  DatanetUnknown: () => 'The chain knows no Datanet with this number. Wait for its registration and reload.',
  // ModelRegistry
  ModelBaseInvalid: () => 'The base of this model is not registered. Choose another base.',
  ModelConfigInvalid: () => 'The registry was given settings that it refuses.',
  ModelForbidden: () => 'Only the owner of this model may do this. Use that account.',
  ModelLineageTooDeep: () => 'This base has too many bases below it. Choose one that is closer to its origin.',
  ModelRetired: () => 'This model was retired and can no longer change.',
  ModelRoyaltyTooHigh: ([have, most]) =>
    `A royalty of ${percent(have)} is more than the ${percent(most)} that a base may ask.`,
  ModelSplitDataTooLow: ([, minimum]) =>
    `Contributors must get at least ${percent(minimum)} of the income. Raise their part.`,
  ModelSplitInvalid: ([sum]) => `The parts of the income add up to ${percent(sum)}. They must make 100 %.`,
  ModelUnknown: () => 'The chain knows no model with this number. Wait for its registration and reload.',
  ModelVersionInvalid: () => 'This version of the model is incomplete. Publish it again from its run.',
  // InferenceChannels
  ChannelEmptyDeposit: () => 'A channel for somebody else must be opened with money in it. Enter an amount above zero.',
  ChannelPayerInvalid: () => 'The channel needs a payer. Enter the address that it shall belong to.',
  ChannelSignatureExpired: ([deadline]) =>
    `The signed charges were valid until ${clock(deadline)}. Have them signed again.`,
  ChannelSignatureInvalid: () =>
    'The charges were not signed by the receiver’s key. Nothing was taken; have them signed again.',
  ChannelBadSignature: () => 'The payment voucher was signed by another key than the channel’s. Open a new channel.',
  ChannelDelayInvalid: () => 'The waiting time for withdrawals must be between 15 minutes and 30 days.',
  ChannelExists: () => 'This channel is open already. Reload the page to see it.',
  ChannelForbidden: () => 'This channel belongs to another account. Switch to the account that opened it.',
  ChannelInsufficient: ([, free, wanted]) =>
    `The channel has ${open(free)} free and you asked for ${open(wanted)}. Ask for less.`,
  ChannelNothingToWithdraw: () => 'No withdrawal is under way. Request one first.',
  ChannelOverVoucher: () => 'More was claimed than the voucher allows. Nothing was taken.',
  ChannelReceiverInvalid: () => 'The channel has no receiver. Reload the page and try again.',
  ChannelTokenNotExact: () => 'The token moved another amount than asked, so the channel refused it.',
  ChannelUnknown: () => 'The chain knows no such channel yet. Wait a moment and reload the page.',
  ChannelWithdrawNotReady: ([at]) => `The withdrawal is ready on ${clock(at)}. Try again then.`,
  ChannelWrongReceiver: () => 'This channel pays somebody else. Nothing was taken.',
  // RevenueRouter
  RouterConfigInvalid: () => 'The router was given settings that it refuses.',
  RouterForbidden: () => 'Your account is not allowed to do this on the router.',
  SharesInvalid: () =>
    'Every payee needs an account and a part above zero, there may be 16 of them, and the parts must make 100 %.',
  VaultForbidden: () => 'Only the provider of this vault chooses who claims for it.',
  // Faucet
  FaucetEmpty: () => 'The faucet is empty. Ask the operators to fill it.',
  FaucetTooEarly: ([nextAt]) => `This account had its OPEN of the day. The next are there on ${clock(nextAt)}.`,
  // Token and libraries of OpenZeppelin
  CheckpointUnorderedInsertion: () => 'The token refused to rewrite its history. Try again in the next block.',
  ECDSAInvalidSignature: () => 'A signature is broken. Sign again.',
  ECDSAInvalidSignatureLength: () => 'A signature has the wrong length. Sign again.',
  ECDSAInvalidSignatureS: () => 'A signature has a form that contracts refuse. Sign again.',
  ERC20ExceededSafeSupply: () => 'This would make more OPEN than may exist.',
  ERC20InsufficientAllowance: ([, allowance, needed]) =>
    `The contract may move ${open(allowance)} and needs ${open(needed)}. Approve the amount first.`,
  ERC20InsufficientBalance: ([, balance, needed]) =>
    `You have ${open(balance)} and this needs ${open(needed)}. ${open(BigInt(needed as bigint) - BigInt(balance as bigint))} are missing.`,
  ERC20InvalidApprover: () => 'This account cannot approve transfers.',
  ERC20InvalidReceiver: () => 'OPEN cannot be sent to this address.',
  ERC20InvalidSender: () => 'OPEN cannot be sent from this address.',
  ERC20InvalidSpender: () => 'This contract cannot be approved.',
  ERC2612ExpiredSignature: () => 'The permission that you signed is too old. Sign it again.',
  ERC2612InvalidSigner: () => 'The permission was signed by another account. Sign it with the account that pays.',
  ERC5805FutureLookup: () => 'The votes of that moment are not known yet. Try again in the next block.',
  ERC3009InvalidAuthorizationTime: () => 'The permission is not valid at this time. Sign a new one.',
  ERC3009InvalidSignature: () => 'The permission was signed by another account. Sign it with the account that pays.',
  ERC3009UsedAuthorization: () => 'This permission was used already. Sign a new one.',
  CloneArgumentsTooLong: () => 'There are too many payees for one vault.',
  Create2EmptyBytecode: () => 'There was nothing to deploy.',
  FailedDeployment: () => 'This contract was made already, or making it failed. Reload the page.',
  FailedCall: () => 'A contract that was called refused without a reason.',
  InsufficientBalance: () => 'The contract has too little of the network’s coin.',
  InvalidAccountNonce: () => 'Another permission was used meanwhile. Sign again.',
  InvalidShortString: () => 'A name is too long for the contract.',
  OwnBalanceUnreadable: () => 'The token did not say how much the contract holds. Try again later.',
  ReentrancyGuardReentrantCall: () => 'The contract was called from inside itself and refused.',
  SafeCastOverflowedUintDowncast: () => 'The amount is larger than the contract can hold.',
  SafeERC20FailedOperation: () => 'The token refused the transfer. Check your balance and the approval.',
  StringTooLong: () => 'A name is too long for the contract.',
  VotesExpiredSignature: () => 'The delegation that you signed is too old. Sign it again.',
};
