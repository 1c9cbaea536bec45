import { clock, percent, type Sentence } from './sentence-parts.ts';

/** Errors of StakePools and who works with them. */
export const stakingSentences: Record<string, Sentence> = {
  PoolAccountInvalid: () => 'Stake must belong to somebody. Choose an account.',
  PoolAmountZero: () => 'The amount is zero. Type an amount above 0.',
  PoolClosed: () => 'Slashes have taken nearly everything from this pool. It takes no new stake.',
  PoolDurationInvalid: ([, least, most]) =>
    `Rewards are streamed over ${least} to ${most} seconds. Choose a length between.`,
  PoolForbidden: () => 'Your account is not allowed to do this to a pool.',
  PoolIdTooLarge: () => 'There is no pool of this number.',
  PoolNotClosed: () => 'This pool is open or has stakers, so its rewards stay with it.',
  PoolNothingToWithdraw: () => 'There is nothing to take out here. Reload the page to see what you have.',
  PoolSlashTooHigh: ([, most]) => `One slash may take at most ${percent(most)}.`,
  PoolTokenNotExact: () => 'The token moved another amount than asked, so the pool refused it.',
  PoolTooFewShares: () => 'You have less at stake than you asked back; a slash may have taken some. Reload the page.',
  PoolUnbonding: ([until]) => `Your stake is on its way out and can be withdrawn from ${clock(until)}.`,
  PoolUnknown: () => 'There is no pool of this name. Choose one from the staking page.',
};
