import { BaseError } from '#lib/kernel/base-error.ts';

export class EvaluationNotFoundError extends BaseError {
  readonly code = 'evaluation_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such evaluation. The run’s page lists those of its adapter.');
  }
}

export class EvaluationForbiddenError extends BaseError {
  readonly code = 'evaluation_forbidden';
  readonly category = 'forbidden';
  constructor(what: string) {
    super(`Only the account that trained this adapter may ${what}. Switch to that account in your wallet.`);
  }
}

/** Gates are set, and adapters published, after the measurement. */
export class EvaluationPendingError extends BaseError {
  readonly code = 'evaluation_pending';
  readonly category = 'conflict';
  constructor() {
    super(
      'The adapter is still being measured on its sealed rows. That takes seconds to minutes; then it can be published.',
    );
  }
}

export class EvaluationFailedError extends BaseError {
  readonly code = 'evaluation_failed';
  readonly category = 'conflict';
  constructor() {
    super(
      'The adapter could not be measured on its sealed rows, so it cannot be published. Press “Measure again” on the run’s page.',
    );
  }
}

export class GatesNotPassedError extends BaseError {
  readonly code = 'gates_not_passed';
  readonly category = 'conflict';
  constructor(failed: readonly { gate: string; asked: string; measured: string }[]) {
    super(
      `This adapter does not pass ${failed.length === 1 ? 'a gate' : `${failed.length} gates`} of its evaluation, so it is not published. Train it again, or change the gates on the run’s page; both are shown to everybody.`,
      { facts: Object.fromEntries(failed.map(({ gate, asked, measured }) => [gate, `${measured}, asked ${asked}`])) },
    );
  }
}

/** The bytes that would be published are not those that were measured. */
export class AdapterChangedError extends BaseError {
  readonly code = 'adapter_changed';
  readonly category = 'conflict';
  constructor() {
    super(
      'The adapter is not the one that was measured: its hash differs. Only the adapter that passed may be published.',
    );
  }
}

export class VoteRefusedError extends BaseError {
  readonly code = 'vote_refused';
  readonly category = 'conflict';
  constructor() {
    super('You have voted on this pair, or it has no two answers. The page shows the next one.');
  }
}
