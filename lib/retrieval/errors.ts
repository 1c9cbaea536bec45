import { BaseError } from '#lib/kernel/base-error.ts';

export class RetrievalRefusedError extends BaseError {
  readonly code = 'retrieval_refused';
  readonly category = 'invalid';
  constructor(cause?: unknown) {
    super(
      'This model cannot read rows of its Datanet: its chat format has no place for a system message, where they would stand. Ask without them.',
      { cause },
    );
  }
}
