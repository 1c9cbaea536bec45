import { clock, open, type Sentence } from './sentence-parts.ts';

/** Errors of the escrow for bounties. */
export const bountySentences: Record<string, Sentence> = {
  BountyAwardFinal: () => 'This award’s window is over, or it was paid already. Reload the page.',
  BountyAwardOpen: ([, , until]) => `Sponsors may object until ${clock(until)}. It can be paid after that.`,
  BountyAwardUnknown: () => 'This award does not exist, or its payees are others. Reload the page.',
  BountyForbidden: () => 'This account does not decide about this bounty. Use the account that it names.',
  BountyFundingOpen: ([, until]) => `Money comes in until ${clock(until)}. Awards can be made after that.`,
  BountyFundingOver: ([, until]) => `Money could be given until ${clock(until)}. Nothing was taken.`,
  BountyHeadWrong: () => 'A newer version is on chain than the one this was prepared from. Reload the page.',
  BountyNotOver: () => 'This bounty is still running. Its money goes back when it has ended.',
  BountyNothingToTake: () => 'There is nothing here for this account: nothing was given, or it was taken already.',
  BountyOver: ([, deadline]) => `This bounty ended on ${clock(deadline)}. Nothing more is awarded.`,
  BountyPayeeInvalid: () => 'One of the authors cannot be paid yet: a name without a wallet, or a wallet being moved.',
  BountyRowInvalid: ([, index]) =>
    `Row ${Number(index) + 1} is not in the newest version, or is older than the bounty.`,
  BountyRowTaken: () => 'One of these rows was awarded by this bounty already. Choose others.',
  BountyShort: ([, left, wanted]) => `${open(left)} are left and this award needs ${open(wanted)}. Choose fewer rows.`,
  BountyTargetMissed: ([, funded, target]) => `${open(funded)} of ${open(target)} came in, so everything goes back.`,
  BountyTermsInvalid: () => 'These terms contradict each other. Check the days, the amounts and who decides.',
  BountyTokenNotExact: () => 'The token moved another amount than asked, so the bounty refused it.',
  BountyUnknown: () => 'The chain knows no bounty with this number. Wait a moment and reload the page.',
};
