/** A model in contracts/prove, which invariants of the protocol it proves, and faults that must be refuted in it. */
export type ProofModel = {
  file: string;
  invariants: string;
  faults: readonly { name: string; search: string; replace: string }[];
};

export const proofModels: readonly ProofModel[] = [
  {
    file: 'LedgerMoney',
    invariants: '1, 2',
    faults: [
      { name: 'a claim without cover', search: 'require(balance >= reserve);', replace: '' },
      { name: 'a total that nobody funded', search: 'total >= head && total <= funded', replace: 'total >= head' },
      {
        name: 'a withdrawn bond that stays in reserve',
        search: 'bonds -= amount;\n        reserve -= amount;',
        replace: 'bonds -= amount;',
      },
    ],
  },
  {
    file: 'ChannelMoney',
    invariants: '6',
    faults: [
      { name: 'a claim above the balance', search: 'if (total > balance) total = balance;', replace: '' },
      { name: 'a claim above what was signed', search: 'max <= signed && total <= max', replace: 'max <= signed' },
      { name: 'settled twice', search: 'due = 0;', replace: '' },
    ],
  },
  {
    file: 'PoolMoney',
    invariants: '8',
    faults: [
      { name: 'shares rounded up', search: 'worth += amount - rounding;', replace: 'worth += amount + rounding;' },
      { name: 'idle rewards streamed twice', search: 'rounding;\n        idle = 0;', replace: 'rounding;' },
      {
        name: 'a worth that is rounded up for who leaves',
        search: 'shares * index / RAY + rest',
        replace: '(shares * index + RAY - 1) / RAY + rest',
      },
    ],
  },
  {
    file: 'PoolIndex',
    invariants: '10',
    faults: [
      { name: 'a limit that lifts the index', search: 'if (lower > index) lower = index;', replace: '' },
      { name: 'no limit in a month', search: 'if (lower < least) lower = least;', replace: '' },
    ],
  },
  {
    file: 'MatchWithinFee',
    invariants: '13',
    faults: [
      { name: 'a later match is not looked at', search: 'if (matchNext > most) most = matchNext;', replace: '' },
      { name: 'a change in its own epoch', search: ': epoch + 1;', replace: ': epoch;' },
    ],
  },
  {
    file: 'BountyMoney',
    invariants: 'of Bounties',
    faults: [
      {
        name: 'an award whose money is still left',
        search: 'left -= amount;\n        sum = amount;',
        replace: 'sum = amount;',
      },
      {
        name: 'objections are paid twice',
        search: 'uint256 amount = sum - objected;',
        replace: 'uint256 amount = sum;',
      },
      {
        name: 'an award that can be paid again',
        search: 'sum = 0;\n        objected = 0;\n        tokens',
        replace: 'tokens',
      },
      {
        name: 'a refund that is still there',
        search: 'left -= amount;\n        tokens -= amount;',
        replace: 'tokens -= amount;',
      },
    ],
  },
];
