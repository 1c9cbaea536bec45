import { BaseError } from '#lib/kernel/base-error.ts';

export class PeriodNotFoundError extends BaseError {
  readonly code = 'reward_period_not_found';
  readonly category = 'not-found';
  constructor(period: string) {
    super('There is no such reward period. The rewards page lists all of them.', { facts: { period } });
  }
}

/** The contract cannot take the next root yet; the job tries again. */
export class SettlementNotReadyError extends BaseError {
  readonly code = 'settlement_not_ready';
  readonly category = 'unavailable';
  constructor(reason: string, retryAfterSeconds: number) {
    super('The reward period cannot be posted yet. It is tried again by itself.', {
      details: reason,
      retryAfterSeconds,
    });
  }
}

/** The operator's wallet cannot pay the publisher's bond. */
export class BondNotCoveredError extends BaseError {
  readonly code = 'publisher_bond_not_covered';
  readonly category = 'unavailable';
  constructor(haveWei: bigint, needWei: bigint) {
    super(
      'The publisher has too little OPEN for its bond, so no reward root can be posted. The operators must add some.',
      {
        facts: { haveWei: haveWei.toString(), needWei: needWei.toString() },
      },
    );
  }
}

/** Less money reached the ledger than the period's receipts say. Nothing is posted. */
export class PeriodNotFundedError extends BaseError {
  readonly code = 'period_not_funded';
  readonly category = 'internal';
  constructor(availableWei: bigint, netWei: bigint) {
    super(
      'The money of a reward period has not arrived in the ledger. Nothing was paid out; the operators must look.',
      {
        facts: { availableWei: availableWei.toString(), netWei: netWei.toString() },
      },
    );
  }
}

/** The rotation authority may not, or the contract would not, move this account. */
export class RotationForbiddenError extends BaseError {
  readonly code = 'rotation_forbidden';
  readonly category = 'forbidden';
  constructor(cause?: unknown) {
    super('The earnings of this account cannot be moved: it acts for itself, or the operator is not the authority.', {
      ...(cause !== undefined && { cause }),
    });
  }
}
