import { BaseError } from '#lib/kernel/base-error.ts';

export class AttackRunNotFoundError extends BaseError {
  readonly code = 'attack_run_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such attack. Choose one on the page "Can this be gamed?".');
  }
}

export class AttackRunForbiddenError extends BaseError {
  readonly code = 'attack_run_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super('Only who started this attack can stop it.');
  }
}

export class AttackQueueFullError extends BaseError {
  readonly code = 'attack_queue_full';
  readonly category = 'unavailable';
  constructor() {
    super('Many attacks are waiting already. Look at the results so far, or come back in some minutes.', {
      retryAfterSeconds: 300,
    });
  }
}
