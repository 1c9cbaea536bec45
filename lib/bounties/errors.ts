import { BaseError } from '#lib/kernel/base-error.ts';

export class BountyNotFoundError extends BaseError {
  readonly code = 'bounty_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such bounty. The list of bounties shows all of them.');
  }
}

/** Awards and their proofs need the bounty on chain, in its time for awards. */
export class BountyStateError extends BaseError {
  readonly code = 'bounty_state';
  readonly category = 'conflict';
}

export class BountyForbiddenError extends BaseError {
  readonly code = 'bounty_forbidden';
  readonly category = 'forbidden';
  constructor(who: string) {
    super(`Only ${who} can award this bounty. Use that account.`);
  }
}

/** A row or model version that the contract would refuse. */
export class BountyAwardInvalidError extends BaseError {
  readonly code = 'bounty_award_invalid';
  readonly category = 'invalid';
}

export class BountySourceForbiddenError extends BaseError {
  readonly code = 'bounty_source_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super(
      'Only who asked a question, or whose training it was, can make a bounty of it: making one publishes its words.',
    );
  }
}
