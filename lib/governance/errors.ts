import { BaseError } from '#lib/kernel/base-error.ts';

/** The configured chain has an older deployment of our contracts, without a Governor. */
export class GovernanceMissingError extends BaseError {
  readonly code = 'governance_missing';
  readonly category = 'unavailable';
  constructor() {
    super('This chain has no Governor yet. It comes with the next deployment of the contracts.');
  }
}

export class ProposalNotFoundError extends BaseError {
  readonly code = 'proposal_not_found';
  readonly category = 'not-found';
  constructor(proposal: string) {
    super('There is no such proposal. The governance page lists all of them.', { facts: { proposal } });
  }
}
