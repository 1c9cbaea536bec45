import { BaseError } from '#lib/kernel/base-error.ts';

/** A new key pair would lock its owner out of the rows that the old one opens. */
export class MemberKeyInUseError extends BaseError {
  readonly code = 'member_key_in_use';
  readonly category = 'conflict';
  constructor() {
    super(
      'Your account has a key already, and Datanets are sealed for it. Enter its recovery code in place of a new key.',
    );
  }
}

/** The keys that were sent do not fit the Datanet's members and eras. */
export class EraRefusedError extends BaseError {
  readonly code = 'era_refused';
  readonly category = 'conflict';
  constructor(why: string) {
    super(`${why} Reload the page and try again.`);
  }
}

/** Sealed rows for a Datanet that takes plain ones, or none that are new. */
export class SealedRowsRefusedError extends BaseError {
  readonly code = 'sealed_rows_refused';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}
