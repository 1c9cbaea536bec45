import { BaseError } from '#lib/kernel/base-error.ts';

/** Rows of the model's Datanet are not a question and an answer. */
export class CorrectionRefusedError extends BaseError {
  readonly code = 'correction_refused';
  readonly category = 'conflict';
  constructor() {
    super(
      'Rows of this model’s Datanet are not just a question and an answer, so a corrected answer is none. Contribute a row on the Datanet’s page.',
    );
  }
}
