import { BaseError } from '#lib/kernel/base-error.ts';

/** A round cannot be opened: too few validators, gold rows or rows. */
export class RoundNotPossibleError extends BaseError {
  readonly code = 'round_not_possible';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}

/** Not a validator of this round, or not the time for it. */
export class RoundClosedError extends BaseError {
  readonly code = 'round_closed';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}

/** What is revealed is not what was committed to. */
export class WrongRevealError extends BaseError {
  readonly code = 'wrong_reveal';
  readonly category = 'invalid';
  constructor() {
    super(
      'These verdicts and this salt do not give the hash that you committed to. Reveal exactly what you chose then.',
    );
  }
}

/** An appeal or a veto does not fit the row. */
export class NotAppealableError extends BaseError {
  readonly code = 'not_appealable';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}
