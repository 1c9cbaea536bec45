import { BaseError } from '#lib/kernel/base-error.ts';

/** The configured chain has an older deployment of our contracts, without stake pools. */
export class StakingMissingError extends BaseError {
  readonly code = 'staking_missing';
  readonly category = 'unavailable';
  constructor() {
    super('This chain has no stake pools yet. They come with the next deployment of the contracts.');
  }
}

export class PoolNotFoundError extends BaseError {
  readonly code = 'pool_not_found';
  readonly category = 'not-found';
  constructor(pool: string) {
    super('There is no such stake pool. The staking page lists all of them.', { facts: { pool } });
  }
}
