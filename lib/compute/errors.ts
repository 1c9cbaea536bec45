import { BaseError } from '#lib/kernel/base-error.ts';

export class ComputeRefusedError extends BaseError {
  readonly code = 'compute_refused';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}

export class ComputeJobNotFoundError extends BaseError {
  readonly code = 'compute_job_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such training, or it is not yours to see.');
  }
}

/** The fence: a worker that was away comes back too late. */
export class ComputeLeaseLostError extends BaseError {
  readonly code = 'compute_lease_lost';
  readonly category = 'conflict';
  constructor() {
    super('This training was given to another worker or has ended. Delete its rows and claim the next one.');
  }
}

export class ComputeResultInvalidError extends BaseError {
  readonly code = 'compute_result_invalid';
  readonly category = 'invalid';
  constructor(why: string) {
    super(`This is no adapter of the approved recipe: ${why}.`);
  }
}
