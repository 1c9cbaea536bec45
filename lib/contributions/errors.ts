import { BaseError } from '#lib/kernel/base-error.ts';
import { describeVerdict } from './parse/describe-verdict.ts';
import type { RowVerdict } from './types.ts';

/** Not one row of a contribution can be stored. */
export class NoNewRowsError extends BaseError {
  readonly code = 'no_new_rows';
  readonly category = 'invalid';
  constructor(verdicts: readonly RowVerdict[]) {
    const first = verdicts[0];
    const example = first ? ` Line ${first.line}: ${describeVerdict(first)}` : '';
    const what =
      verdicts.length === 1
        ? 'The row is not new or not valid'
        : `None of the ${verdicts.length} rows is new and valid`;
    super(`${what}, so nothing was stored.${example}`);
  }
}

/** Rows of one's own are to be accepted without a review where others rely on one. */
export class OwnRowsRefusedError extends BaseError {
  readonly code = 'own_rows_refused';
  readonly category = 'forbidden';
  constructor() {
    super(
      'Only a private Datanet takes its owner’s rows without a review. Make it private before it has rows, or contribute them here for somebody else to accept.',
    );
  }
}

export class ExampleNotFoundError extends BaseError {
  readonly code = 'example_not_found';
  readonly category = 'not-found';
  constructor(id: string) {
    super(`There is no row ${id.slice(0, 40)}. It may stand in another Datanet; search for its text.`);
  }
}

export class ContributionNotFoundError extends BaseError {
  readonly code = 'contribution_not_found';
  readonly category = 'not-found';
  constructor(id: string) {
    super(`There is no contribution ${id.slice(0, 40)}. The Datanet's page lists its rows by contributor.`);
  }
}

/** Somebody tries to withdraw what another one contributed. */
export class NotYourExampleError extends BaseError {
  readonly code = 'not_your_example';
  readonly category = 'forbidden';
  constructor() {
    super('Only the person who contributed a row may withdraw it. Curators reject rows in the review queue.');
  }
}

export class ExampleNotWithdrawableError extends BaseError {
  readonly code = 'example_not_withdrawable';
  readonly category = 'conflict';
  constructor(status: string) {
    super(`This row is ${status} already, so there is nothing to withdraw.`);
  }
}

/** The same idempotency key with other content: answering from the first call would hide that rows are missing. */
export class IdempotencyKeyReusedError extends BaseError {
  readonly code = 'idempotency_key_reused';
  readonly category = 'conflict';
  constructor() {
    super('These rows were sent under a key that belongs to an earlier contribution. Send them with a new key.');
  }
}

/** Only rows that stand in the Datanet can be improved. */
export class ExampleNotImprovableError extends BaseError {
  readonly code = 'example_not_improvable';
  readonly category = 'conflict';
  /** @param replacedBy the row that took its place */
  constructor(status: string, replacedBy: string | null) {
    super(
      replacedBy
        ? `This row was replaced by ${replacedBy}. Improve that one.`
        : `This row is ${status}. Only accepted rows can be improved.`,
    );
  }
}

/** The proposed text does not fit the kind of improvement. */
export class ImprovementMismatchError extends BaseError {
  readonly code = 'improvement_mismatch';
  readonly category = 'invalid';
  constructor(field: string, message: string) {
    super(message, { fieldErrors: { [field]: message } });
  }
}

export class FlagNotFoundError extends BaseError {
  readonly code = 'flag_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such flag, or it is about other rows. Reload the review page.');
  }
}

/** A flag is decided once; what came of it stands on the review page. */
export class FlagDecidedError extends BaseError {
  readonly code = 'flag_decided';
  readonly category = 'conflict';
  constructor(by: string) {
    super(`This flag was decided already, by ${by}.`);
  }
}

/** Nobody judges about their own rows, and nobody about what they reported themselves. */
export class OwnFlagError extends BaseError {
  readonly code = 'own_flag';
  readonly category = 'forbidden';
  constructor() {
    super('This flag is about your own rows, or you raised it. Another curator decides about it.');
  }
}

/** The same person reports a row once; only rows that stand in the Datanet can be reported. */
export class ExampleNotReportableError extends BaseError {
  readonly code = 'example_not_reportable';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}
