import { BaseError } from '#lib/kernel/base-error.ts';

/** This chain has no faucet: OPEN is real there. */
export class NoFaucetError extends BaseError {
  readonly code = 'no_faucet';
  readonly category = 'not-found';
  constructor() {
    super('There is no faucet on this chain. OPEN comes from a market or from other people.');
  }
}

/** The account had its OPEN of the day. */
export class FaucetTooEarlyError extends BaseError {
  readonly code = 'faucet_too_early';
  readonly category = 'limited';
  constructor(nextAt: Date, retryAfterSeconds: number) {
    super(
      `This account had its test OPEN of the day. The next are there on ${nextAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
      {
        retryAfterSeconds,
      },
    );
  }
}
